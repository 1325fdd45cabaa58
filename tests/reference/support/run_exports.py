"""Runs what we export with the real library.

Usage: run_exports.py FOLDER

FOLDER holds, for each pipeline NAME, the same pipeline as `NAME.py`, `NAME.json` and `NAME.yaml`, and perhaps a picture
`NAME.png`. All three must be the same to Albumentations; what the pipeline makes of the picture is written to
`NAME-made.png`.
"""

import json
import pathlib
import sys

import albumentations as A
import cv2


def main(folder: pathlib.Path) -> None:
    count = 0
    for script in sorted(folder.glob("*.py")):
        names = {}
        exec(compile(script.read_text(), script.name, "exec"), names)
        pipeline = names["pipeline"]
        forms = {
            "Python": A.to_dict(pipeline),
            "JSON": A.to_dict(A.load(script.with_suffix(".json"))),
            "YAML": A.to_dict(A.load(script.with_suffix(".yaml"), data_format="yaml")),
        }
        texts = {form: json.dumps(value, sort_keys=True) for form, value in forms.items()}
        if len(set(texts.values())) != 1:
            sys.exit(f"{script.name}: the forms differ\n" + "\n".join(f"{form}: {text}" for form, text in texts.items()))
        picture = script.with_suffix(".png")
        if picture.exists():
            pixels = cv2.imread(str(picture), cv2.IMREAD_COLOR_RGB)
            made = pipeline(image=pixels)["image"]
            cv2.imwrite(str(script.with_name(f"{script.stem}-made.png")), cv2.cvtColor(made, cv2.COLOR_RGB2BGR))
        count += 1
    print(count)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
