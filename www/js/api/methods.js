/** @typedef {import("./types.js").Chapter} Chapter */
/** @typedef {import("./types.js").Entry} Entry */

/**
 * @param {string} example
 * @param {string[]} says
 * @param {...[signature: string, about: string]} methods
 * @returns {Entry}
 */
const entry = (example, says, ...methods) => ({
  example,
  says,
  methods: methods.map(([signature, about]) => ({ name: /[\w.]+/.exec(signature)?.[0] ?? signature, signature, about })),
});

/** Every method of the ES module, with an example that runs and what it shows. @type {Chapter[]} */
export const CHAPTERS = [
  {
    name: "start",
    title: "Open and close",
    about: "A lab is opened once and used for everything. Its work is done by workers, so that the page stays free.",
    entries: [
      entry(
        "open",
        ["1", "closed This lab was closed; open a new one."],
        [
          "Digitlab.open({ bucket?, workers?, idleMs?, signal? }): Promise<Digitlab>",
          "Opens a lab. Everything may be left out: the site’s own digits, a worker per core (at most 8), workers that end after a minute without work.",
        ],
        ["lab.close(): void", "Ends all workers; what they had to do is rejected with the code `closed`."],
      ),
      entry(
        "info",
        ["MNIST CC BY-SA 3.0", "samples of each digit [6903,7877,6990,7141,6824,6313,6876,7293,6825,6958]"],
        [
          "lab.info(options?): Promise<{ version, bucket }>",
          "The version, and what the set of digits says of itself: name, source, licence, samples of each digit.",
        ],
      ),
      entry(
        "fields",
        [
          "number, digits, spacing_min, spacing_max, image_width, fit, augment, pipeline, split, ink, margin, tight, seed, index",
          "integer 1 16384 Width of the image. The fits stretch and pad need it; natural does not use it.",
        ],
        [
          "lab.fields(options?): Promise<FieldInfo[]>",
          "The fields of a request with their kind, limits, default and help: the same table that the page and the routes check by.",
        ],
      ),
      entry("workers", ["true true"], ["lab.workers: { now, most }", "How many workers there are at this moment, and may be."]),
      entry(
        "seed",
        ["string true"],
        ["lab.randomSeed(): string", "A fresh seed of 64 bits, as decimal text, since a number of JavaScript cannot hold it."],
      ),
    ],
  },
  {
    name: "sequences",
    title: "Digit sequences",
    about: "Pictures of numbers in real handwriting, with labels. The same request and seed give the same pixels, on every machine.",
    entries: [
      entry(
        "generate",
        ["The number 042, 90 × 28", "042 90 28 Float32Array of 2,520", "0 is train 49720, 4 is train 35429, 2 is train 54956"],
        [
          "lab.generate(request, options?): Promise<Sequence>",
          "One picture of a number: `pixels` from 0 to 1, its `label`, and for each digit its sample and place. See `lab.fields()` for what a request may hold.",
        ],
      ),
      entry(
        "generate_many",
        [
          "0: 123 of the samples 37716, 45406, 59375",
          "333: 123 of the samples 9563, 4710, 34235",
          "666: 123 of the samples 9649, 2959, 7881",
          "999: 123 of the samples 10892, 29906, 25245",
        ],
        [
          "lab.generateMany(request, { count, first?, reuse?, onProgress?, signal? }): AsyncGenerator<Sequence>",
          "Picture after picture of one seed’s series, made by all workers in bounded memory. With `reuse`, a picture’s memory holds until the next one, which is much faster.",
        ],
      ),
      entry(
        "encode",
        ["image/png, 645 B", "application/octet-stream, 7 KB", "image/jpeg, 31 KB"],
        [
          "lab.encode(sequence | picture, { format?, quality? }): Promise<Blob>",
          "A sequence as PNG, NumPy array (`npy`) or JSON with labels; a picture as PNG, JPEG of a quality from 1 to 100, or lossless WebP.",
        ],
      ),
      entry(
        "use_bucket",
        ["MNIST 10", "bucket_missing"],
        [
          "lab.useBucket(url, options?): Promise<LabInfo>",
          "Draws from another bucket from now on: a folder with a `manifest.json`, on any host that lets other sites read it.",
        ],
      ),
      entry(
        "use_idx",
        ["Strokes [0,2,0,0,0,0,0,0,0,0]", "The number 11, 60 × 28"],
        [
          "lab.useIdx({ name?, train, test? }, options?): Promise<LabInfo>",
          "Draws from your own IDX files from now on, plain or gzipped, as MNIST has them. They stay on this machine.",
        ],
      ),
    ],
  },
  {
    name: "datasets",
    title: "Data sets",
    about:
      "Up to ten million labelled items in files as trainers read them, made by all workers in bounded memory. The same recipe gives the same bytes, here and on the command line. What is made lies in this browser until it is deleted, or goes where you say.",
    entries: [
      entry(
        "dataset",
        ["example.zip true", "recipe.json true", "200 200 64"],
        [
          "lab.dataset(recipe, { sink?, shard?, numbers?, workers?, onProgress?, signal? }): Promise<MadeDataset>",
          "Makes a data set: of `count` items with `numbers` from a `list`, a `range`, `random` digits, a `pattern`, a kind of `phone` or a `file`, in the format `png-zip`, `png-folder`, `webdataset`, `parquet`, `npz`, `npy` or `idx`. With a folder or a function as `sink` each finished file goes there. Aborting pauses.",
        ],
        ["lab.datasets.delete(id): Promise<void>", "Deletes a data set with what of it is in this browser."],
      ),
      entry(
        "datasets_plan",
        [
          "true true png-zip, png-folder, webdataset, parquet, npz, npy, idx",
          'digits png-zip {"train":1,"validation":0,"test":0}',
          "100000 1 true",
          "0181795003 0792072945 0456773907",
        ],
        ["lab.datasets.describe(options?): Promise<{ fields, phones, formats }>", "What recipes may say."],
        ["lab.datasets.check(recipe, options?): Promise<Recipe>", "Checks a recipe, and fills its defaults in."],
        ["lab.datasets.estimate(recipe, { shard?, numbers? }): Promise<{ items, parts, bytes }>", "How large it comes to be; the bytes about."],
        [
          "lab.datasets.preview(recipe, { count?, numbers? }): Promise<{ recipe, items, files, bytes }>",
          "What it begins with: `index`, `number` and `subset` of its first items, of which `lab.generate` makes the pictures.",
        ],
      ),
      entry(
        "datasets_job",
        [
          "paused 200",
          "train-images.npy, train-labels.npy, train-lengths.npy, train-digits.npy, train-boxes.npy, train-index.npy, recipe.json",
          "train-images.npy 504128 true",
        ],
        [
          "lab.datasets.start(recipe, options?): Promise<DatasetJob>",
          "The same as `lab.dataset`, as a job with `done`, `progress`, `pause()` and `cancel()` that tells of `progress` and `end` events.",
        ],
        ["lab.datasets.list(): Promise<KeptDataset[]>", "The data sets that this browser keeps, finished or not, with their `state`, `done` and `total`."],
        [
          "lab.datasets.resume(id, { sink?, workers?, onProgress?, signal? }): Promise<DatasetJob>",
          "Goes on with one that was paused, has failed, or whose tab was closed. The bytes are the same.",
        ],
        ["lab.datasets.files(id): Promise<DatasetFile[]>", "The files of a finished one: `name`, `bytes`, `sha256`, `items`, and the `file`."],
      ),
    ],
  },
  {
    name: "pictures",
    title: "Pictures",
    about:
      "A picture is `{ width, height, channels, data }` with 8 bits a channel, row by row; 1, 3 or 4 channels. An `ImageData` is one, too.",
    entries: [
      entry(
        "decode",
        ["Picture of 504 × 504, grey", "PNG 8 grey", "unsupported"],
        [
          "lab.decode(file, { limits? }): Promise<DecodedPicture>",
          "The picture in a file: PNG, JPEG, GIF, WebP, BMP or TIFF, told by its content and turned upright; `found` says what the file was.",
        ],
      ),
      entry(
        "open_picture",
        ["Picture of 64 × 64, RGBA", "SVG"],
        [
          "lab.openPicture(file, { limits? }): Promise<OpenedPicture>",
          "As `decode`; what the engine does not read (SVG, AVIF, HEIC, icons) is read by the browser where it can.",
        ],
      ),
      entry(
        "fetch_picture",
        ["Picture of 512 × 384, RGB", "landscape.jpeg 42449", "not_found 404"],
        [
          "lab.fetchPicture(url, { limits?, proxy?, patience?, onProgress?, signal? }): Promise<FetchedPicture>",
          "The picture behind an http, https, data or blob address. What can go wrong has a code of its own: `cors`, `not_found`, `timeout`, `not_a_picture` …",
        ],
      ),
      entry(
        "zip",
        ["application/zip, 250 B"],
        [
          "lab.zip(write, options?): Promise<T>",
          "Writes a zip file as a stream: `write` is given `add(name, content)` and `finish()`, which answer with the bytes that come next.",
        ],
      ),
    ],
  },
  {
    name: "augment",
    title: "Augmentation",
    about:
      "More than sixty transforms with the names, parameters and pixels of Albumentations. A pipeline is the name of a preset, a list of steps, or an object with `transforms` and `p`; Albumentations’ own JSON will do as well.",
    entries: [
      entry(
        "augment",
        ["Picture of 512 × 384, RGB", "Rotate, then GaussianBlur"],
        [
          "lab.augment(picture, pipeline, { seed?, index?, mask?, boxes? }): Promise<Changed>",
          "Runs a pipeline. `record` says which steps ran and what was drawn for them; each `index` is a variant of its own.",
        ],
      ),
      entry(
        "companions",
        ['[{"box":[402,20,100,50],"label":"a corner","from":0}]'],
        [
          "lab.augment(…, { mask, boxes })",
          "A mask and boxes follow the picture’s geometry: `boxes` has a `format` of `pascal_voc`, `coco`, `yolo` or `albumentations`, and a `list`.",
        ],
      ),
      entry(
        "replay",
        ["Picture of 512 × 384, RGB", "true"],
        [
          "lab.replay(picture, record, { mask?, boxes? }): Promise<Changed>",
          "Runs recorded steps again: the same picture gives the same pixels.",
        ],
      ),
      entry(
        "variants",
        ["variant 0", "Picture of 160 × 120, RGBA", "variant 1", "Picture of 160 × 120, RGBA", "variant 2", "Picture of 160 × 120, RGBA"],
        [
          "lab.variants(picture, jobs, { fit?, file?, total? }): AsyncGenerator<Variant>",
          "Variants in the order of their jobs, made by all workers; a step that refuses the picture comes as `error`, and the others go on.",
        ],
        ["lab.hold(picture): HeldPicture", "A picture that each worker is sent only once, for many calls on the same one."],
      ),
      entry(
        "live",
        ["true false true", "Picture of 160 × 120, RGBA"],
        [
          "lab.live(picture): LivePreview",
          "Previews while somebody turns a knob: `request(job, fit)` answers with null when something newer was asked for meanwhile.",
        ],
      ),
      entry(
        "transforms",
        [
          "true seed, visible, strong, rotate, fliplr, greyscale, zoom, do_nothing",
          "Rotate geometry Turns the picture about its middle; its size stays, unless the border is cropped.",
        ],
        [
          "lab.transforms(options?): Promise<{ transforms, presets }>",
          "Every transform with its parameters, limits, defaults and help; and the presets.",
        ],
      ),
      entry(
        "schema",
        ["$schema, title, description, oneOf"],
        ["lab.pipelineSchema(options?): Promise<object>", "The JSON Schema of pipelines, for editors and validators."],
      ),
      entry(
        "exchange",
        [
          "# albumentations==2.0.8\nimport albumentations as A\n\npipeline = A.Compose([\n    A.HorizontalFlip(p=0.5),\n], p=1.0)\n",
          'Albumentations {"p":1,"transforms":[{"transform":"HorizontalFlip","p":0.5}]}',
        ],
        [
          "lab.exportPipeline(pipeline, { format? }): Promise<string>",
          "A pipeline as `json` (ours), `albumentations-json`, `albumentations-yaml`, or a `python` program.",
        ],
        [
          "lab.importPipeline(text, options?): Promise<{ pipeline, format, notes }>",
          "Reads a saved pipeline, ours or Albumentations’, JSON or YAML; `notes` has a sentence on each thing that means nothing here.",
        ],
      ),
    ],
  },
  {
    name: "recognition",
    title: "Recognition",
    about: "The module that runs models, and the model, are loaded with the first call and kept by this browser.",
    entries: [
      entry(
        "classify",
        ["Picture of 28 × 28, grey", "5 true default", "1"],
        [
          "lab.classify(input, { model?, stages? }): Promise<Classified>",
          "The digit in a picture, a file, or 28 × 28 numbers from 0 to 1: `label`, ten `probabilities`, and what the model `seen` was shown.",
        ],
      ),
      entry(
        "read",
        ["Picture of 354 × 120, RGB", "34078 3 at 35, 4 at 97, 0 at 157, 7 at 221, 8 at 278"],
        [
          "lab.read(input, { model?, stages? }): Promise<ReadNumber>",
          "The number in a picture: `text`, and for each digit its `box` and `probability`.",
        ],
      ),
      entry(
        "classify_many",
        ["20 200", "read as 8 20"],
        [
          "lab.classifyMany(pictures, { model?, onProgress?, signal? }): Promise<ClassifiedMany>",
          "The digits of many pictures by all workers: `labels`, and ten `probabilities` for each.",
        ],
      ),
      entry(
        "models",
        ['["default has 109370 parameters","tiny has 14410 parameters"]', "absent", "ready"],
        [
          "lab.models.list(options?): Promise<ModelCard[]>",
          "The models’ cards: what they are, how they were made, how often they are right.",
        ],
        ["lab.models.load(name, options?): Promise<ModelCard>", "Loads a model before it is needed."],
        ['lab.models.state(name): "absent" | "loading" | "ready"', "Whether a model is there."],
      ),
      entry(
        "models_own",
        ["true", "own Copied", "5"],
        [
          "lab.models.inspect(file, { settings? }): Promise<Inspection>",
          "Looks at an ONNX file before it is kept: what it is made of, and which way of showing it pictures does best on known digits.",
        ],
        [
          "lab.models.add({ bytes, title, name?, kind?, settings?, replace? }): Promise<ModelCard>",
          "Keeps a model of your own in this browser; whatever takes a model by name takes it then.",
        ],
        ["lab.models.rename(name, title): Promise<ModelCard>", "Gives a model of your own another title; its name stays."],
        ["lab.models.delete(name): Promise<void>", "Deletes a model of your own."],
        ["lab.models.file(name): Promise<File>", "The ONNX file of a model."],
      ),
      entry(
        "models_chosen",
        ["tiny"],
        [
          "lab.models.choose(name | null): Promise<void>",
          "Makes the routes use a model when none is asked for; null is the site’s default.",
        ],
        ["lab.models.chosen(): Promise<string | null>", "That model’s name."],
        ["lab.models.subscribe(listener, signal?): Promise<void>", "Tells of every change of your own models, also by other tabs."],
      ),
      entry(
        "saliency",
        ["Picture of 28 × 28, grey", "read as 5 Float32Array of 784"],
        [
          "lab.saliency(input, { model? }): Promise<SaliencyMap>",
          "Which parts of a digit the answer hangs on: for each pixel by how much the answer’s probability falls when paper covers it.",
        ],
      ),
      entry(
        "robustness",
        ["true", "none 0 mostly right", "Rotate 1 mostly wrong"],
        [
          "lab.robustness({ transforms?, pipeline?, strengths?, pictures?, models?, seed? }): AsyncGenerator<RobustnessPoint>",
          "How often models are right about test pictures while transforms, or a pipeline, grow stronger: a point at a time.",
        ],
        ["lab.strengths(): Promise<Strengths[]>", "The paths from nothing to too much that `robustness` knows."],
      ),
    ],
  },
  {
    name: "teaching",
    title: "Teaching and training",
    about:
      "Models learn in this browser: a hand in a second or two, or everything from the beginning. What comes of it is a model of your own.",
    entries: [
      entry(
        "teach",
        ["taught reads 1 of 1"],
        [
          "lab.teach({ model?, samples?, title?, name?, replace? }): Promise<Taught>",
          "Teaches a model’s last layer corrected samples, those that are kept when none are given, beside pictures of MNIST; `samples`, `unseen` and `mnist` say what came of it.",
        ],
        ["lab.prepareTeach(model): Promise<void>", "Does beforehand what the first lesson needs."],
      ),
      entry(
        "samples",
        ["1 true"],
        ["lab.samples.add(samples): Promise<Sample[]>", "Keeps corrected samples: what a model saw, and the right digit."],
        ["lab.samples.list(): Promise<Sample[]>", "All samples, the oldest first."],
        ["lab.samples.delete(ids): Promise<void>", "Deletes samples."],
        ["lab.samples.restore(samples): Promise<void>", "Brings deleted samples back, as `list` gave them."],
        ["lab.samples.clear(): Promise<void>", "Deletes all samples. No example runs it here: it would delete yours."],
        ["lab.samples.reset(): Promise<void>", "Deletes the whole store, even when it cannot be read any more."],
        ["lab.samples.subscribe(listener, signal?): Promise<void>", "Tells of every change, also by other tabs."],
      ),
      entry(
        "train",
        ["trained true"],
        [
          "lab.train({ size?, pictures?, epochs?, batch?, rate?, pipeline?, data?, seed?, samples?, extra?, title?, onState?, signal? }): Promise<{ card, state }>",
          "Trains a network from the beginning, by all workers. Aborting pauses it: what was reached is kept, also over a reload.",
        ],
        ["lab.trainings.kept(): Promise<TrainingState | null>", "How far the training is that has not ended."],
        ["lab.trainings.resume({ onState? }): Promise<{ card, state }>", "Goes on with it."],
        ["lab.trainings.finish({ name? }): Promise<{ card, state }>", "Ends it where it is, and keeps the network as it answers now."],
        ["lab.trainings.discard(): Promise<void>", "Forgets it."],
        ["lab.trainings.usage(): Promise<{ trainings, bytes }>", "How many are kept, and about how many bytes they take."],
        ["lab.trainings.testPictures(): Promise<{ levels, labels }>", "Its test pictures."],
      ),
    ],
  },
  {
    name: "frames",
    title: "Frames",
    about:
      "Image logs by depth: CSV files become images in this browser’s own database, and any window of depths a picture in false colours.",
    entries: [
      entry(
        "frames_import",
        ["stripes.csv 16 40 40"],
        [
          "lab.frames.import(source, { name?, width?, method?, policy?, values?, onProgress?, signal? }): Promise<number>",
          "Reads a CSV file, plain or gzipped, from a `File`, a `Response` or an address while it arrives, and stores it. Unless it comes to its end, nothing of it stays.",
        ],
        ["lab.frames.get(id): Promise<ImageInfo>", "An image without its rows; `report` says what was read, kept and dropped."],
        ["lab.frames.delete(id): Promise<void>", "Deletes an image."],
      ),
      entry(
        "frames_render",
        ["image/png, 1 KB", "3 16 Float32Array of 48", "text/csv, 5 KB"],
        [
          "lab.frames.render(id, { depth_min?, depth_max?, colormap?, reverse?, scale?, format?, width?, height? }): Promise<Blob>",
          "A window of depths as `jpeg`, `png`, `f32` or `csv`.",
        ],
        ["lab.frames.rows(id, { depth_min?, depth_max? }): Promise<{ depths, pixels, width }>", "The rows of a window as numbers."],
        ["lab.frames.export(id): Promise<Blob>", "An image as the CSV file that it could have come from."],
      ),
      entry(
        "frames_list",
        ["Stripes", "true", "false"],
        ["lab.frames.list(): Promise<ImageInfo[]>", "The stored images."],
        ["lab.frames.rename(id, name): Promise<ImageInfo>", "Gives an image another name."],
        ["lab.frames.usage(): Promise<{ bytes, quota, images }>", "How much is stored, and may be; 0 where the browser does not tell."],
        ["lab.frames.subscribe(listener, signal?): Promise<void>", "Tells of what other tabs and labs import, rename and delete."],
      ),
      entry(
        "frames_tile",
        ["Picture of 16 × 40, RGBA", "0"],
        [
          "lab.frames.tile(id, { level, index, colormap?, reverse?, scale? }): Promise<Tile>",
          "A part of an image for a viewer: 256 rows of a level, of which each has a fourth of the rows of the one before.",
        ],
      ),
      entry(
        "frames_colours",
        ["depth, gray, viridis, magma, inferno, plasma, cividis, turbo", "768 [68,1,84]"],
        ["lab.frames.colormaps(): Promise<{ name, title }[]>", "The colour maps that have names."],
        ["lab.frames.colorTable(colormap?, reverse?): Promise<Uint8Array>", "Red, green and blue of each of the 256 levels."],
      ),
    ],
  },
  {
    name: "records",
    title: "Record log",
    about: "Every answer of the models, kept in this browser and sent nowhere. The examples add a record or two and delete them again.",
    entries: [
      entry(
        "records_add",
        ["recorded", "deleted 3"],
        [
          "lab.records.add(record): Promise<{ id, time } | { off } | { warning }>",
          "Records an answer. It never throws because of storage: then it says so in a `warning`.",
        ],
        ["lab.records.addMany(records): Promise<{ added } | { off } | { warning }>", "Records many answers at once: all of them, or none."],
        ["lab.records.delete(ids, { onProgress?, signal? }): Promise<number>", "Deletes records, and says how many there were."],
      ),
      entry(
        "records_list",
        ['["42 is a number","7 is a digit"]', "2 true", "an example 2 true"],
        [
          "lab.records.list({ filter?, limit?, before?, offset? }): Promise<{ records, total, more }>",
          "A page of the log, newest first, with thumbnails.",
        ],
        [
          "lab.records.count(filter?): Promise<number>",
          "How many records a filter means: `text`, `result`, `model`, `from`, `kind`, `since`, `until`, `belowProbability`.",
        ],
        ["lab.records.ids(filter?, { onFound?, signal? }): Promise<number[]>", "Their ids, newest first."],
        ["lab.records.get(id): Promise<FullRecord | null>", "A record with its pictures."],
        ["lab.records.getMany(ids, { seen? }): Promise<ListedRecord[]>", "Records by their ids, in the same order."],
        ['lab.records.values("model" | "from"): Promise<string[]>', "What there is of a field, in alphabetical order."],
      ),
      entry(
        "records_export",
        ["text/csv;charset=utf-8 id,time,kind,result,probability,model,elapsed_ms,name,from"],
        ["lab.records.export({ format?, filter?, onProgress?, signal? }): Promise<Blob>", "Records as CSV or JSON, newest first."],
      ),
      entry(
        "records_undo",
        ["deleted 1", "there again 1"],
        ["lab.records.restore(records): Promise<void>", "Brings deleted records back, as `getMany` gave them."],
      ),
      entry(
        "records_watch",
        ["added deleted"],
        ["lab.records.subscribe(listener, signal?): Promise<void>", "Tells of every change, also by other tabs and the routes."],
      ),
      entry(
        "records_usage",
        ["true true", "boolean"],
        ["lab.records.usage(): Promise<{ records, bytes, quota }>", "How much the log holds, and this site may store."],
        ["lab.records.enabled: boolean", "Whether answers are recorded."],
        ["lab.records.enable(enabled): Promise<void>", "Switches the log on or off, for all tabs."],
        ["lab.records.onWarning: (warning) => void", "Called when an answer could not be recorded."],
        [
          "lab.records.clear(): Promise<void>",
          "Deletes all records; ids go on where they were. No example runs it here: it would delete yours.",
        ],
        ["lab.records.reset(): Promise<void>", "Deletes the whole log, even when it cannot be read any more."],
        ["lab.records.close(): void", "Lets go of the database and of the other tabs; `lab.close()` does so, too."],
      ),
    ],
  },
  {
    name: "errors",
    title: "Errors, cancelling, progress",
    about:
      "Every call takes an `AbortSignal`; long ones tell `onProgress` of `{ done, total, unit }`. Whatever goes wrong is a `DigitlabError` with a stable `code`, a sentence for people, and its parts in `detail`.",
    entries: [
      entry(
        "errors",
        [
          "true DigitlabError invalid_parameter",
          "spacing_min is 9; allowed: whole numbers up to spacing_max, which is 2.",
          '{"field":"spacing_min","value":"9","allowed":"whole numbers up to spacing_max, which is 2"}',
        ],
        [
          "DigitlabError { name, code, message, detail }",
          "`code` is stable, for programs; `message` names the field, its value, and what is allowed; `detail` has the same as data.",
        ],
      ),
      entry(
        "cancel",
        ["AbortError aborted The work was cancelled.", "aborted"],
        [
          "{ signal }: AbortSignal",
          "Ends a call at once, whatever it does: it rejects as an `AbortError` with the code `aborted`. A worker that crashes costs its own call alone, with the code `crashed`.",
        ],
      ),
      entry(
        "progress",
        ["the last one is here", "200 of 200 images"],
        ["{ onProgress }: ({ done, total, unit }) => void", "Tells how far a long call is, in images, bytes, records or variants."],
      ),
    ],
  },
];
