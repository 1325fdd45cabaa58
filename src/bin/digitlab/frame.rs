//! `digitlab frame`.

use crate::arguments::Frame;
use crate::moment::milliseconds_since;
use crate::output::{say, say_json};
use anyhow::{Context, Result, bail};
use digitlab::frames::{
    Colormap, FrameRequest, ImageInfo, Intake, IntakeRequest, Library, MemoryStore,
};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How much of a file is read at a time.
const PIECE: usize = 1 << 20;

/// Endings of files, and the formats that they mean.
const ENDINGS: [(&str, &str); 5] = [
    ("jpg", "jpeg"),
    ("jpeg", "jpeg"),
    ("png", "png"),
    ("f32", "f32"),
    ("csv", "csv"),
];

/// Reads the log and draws what the options ask for.
pub(crate) fn run(options: &Frame) -> Result<()> {
    let out = match &options.out {
        Some(out) => out.clone(),
        None => with_ending_jpg(&options.log),
    };
    let to_stdout = out.as_os_str() == "-";
    if to_stdout && options.json {
        bail!("--out - writes the frame to stdout, where --json writes, too; name a file");
    }
    let request = FrameRequest::from_json(&request(options, &out)?)?;
    pollster::block_on(async {
        let start = Instant::now();
        let library = Library::new(MemoryStore::default());
        let image = import(library.store(), options).await?;
        let imported = milliseconds_since(start);
        let start = Instant::now();
        let mut rendering = library.render(image.id, request).await?;
        let rows = rendering.rows();
        let mut target: Box<dyn Write> = if to_stdout {
            Box::new(io::stdout().lock())
        } else {
            Box::new(
                File::create(&out)
                    .with_context(|| format!("{} cannot be written", out.display()))?,
            )
        };
        while let Some(part) = rendering.next_part(library.store()).await? {
            target
                .write_all(&part)
                .with_context(|| format!("{} cannot be written", out.display()))?;
        }
        target
            .flush()
            .with_context(|| format!("{} cannot be written", out.display()))?;
        let rendered = milliseconds_since(start);
        if to_stdout {
            return Ok(());
        }
        let file = out.display().to_string();
        if options.json {
            return say_json(&json!({
                "file": file,
                "rows": rows,
                "image": image,
                "milliseconds": { "import": imported, "render": rendered },
            }));
        }
        let ImageInfo { report, width, .. } = &image;
        say(&format!(
            "{file}  {rows} rows of {width} columns  {imported:.0} + {rendered:.0} ms"
        ))?;
        let dropped = report.dropped.total();
        if dropped > 0 {
            eprintln!("digitlab: {dropped} rows were dropped; --json says which and why");
        }
        Ok(())
    })
}

/// Imports the log, a piece at a time.
async fn import(store: &MemoryStore, options: &Frame) -> Result<ImageInfo> {
    let name = match options.log.file_name() {
        Some(name) if options.log.as_os_str() != "-" => name.to_string_lossy().into_owned(),
        _ => "stdin".into(),
    };
    let columns = match options.columns {
        0 => Value::Null,
        columns => columns.into(),
    };
    let request = IntakeRequest::from_json(&json!({
        "name": name,
        "width": columns,
        "method": options.method,
        "policy": options.policy,
        "values": options.values,
    }))?;
    let mut file: Box<dyn Read> = if options.log.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        let cannot = || format!("{} cannot be read", options.log.display());
        Box::new(File::open(&options.log).with_context(cannot)?)
    };
    let start = Instant::now();
    let mut intake = Intake::begin(store, "command line", request).await?;
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = file.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        if read.with_context(|| format!("{} cannot be read", options.log.display()))? == 0 {
            break;
        }
        intake.push(store, piece).await?;
    }
    let created = jiff::Timestamp::now().to_string();
    Ok(intake
        .finish(store, &created, || milliseconds_since(start))
        .await?)
}

/// The frame as programs ask for it.
fn request(options: &Frame, out: &Path) -> Result<Value> {
    let ending = out.extension().and_then(|ending| ending.to_str());
    let ending = match ending {
        None if out.as_os_str() == "-" => "jpg".into(),
        ending => ending.unwrap_or_default().to_ascii_lowercase(),
    };
    let Some((_, format)) = ENDINGS.iter().find(|(known, _)| *known == ending) else {
        bail!(
            "--out is {}, whose ending is no format; allowed: {}",
            out.display(),
            ENDINGS.map(|(ending, _)| ending).join(", ")
        );
    };
    Ok(json!({
        "depth_min": options.depth_min,
        "depth_max": options.depth_max,
        "colormap": Colormap::json_of(&options.colormap),
        "reverse": options.reverse,
        "scale": options.scale,
        "format": format,
        "width": options.width,
        "height": options.height,
    }))
}

/// `log.csv.gz` becomes `log.jpg`, here.
fn with_ending_jpg(log: &Path) -> PathBuf {
    let name = log.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = stem.strip_suffix(".csv").unwrap_or(stem);
    let stem = if stem.is_empty() || stem == "-" {
        "frame"
    } else {
        stem
    };
    PathBuf::from(format!("{stem}.jpg"))
}
