//! The command line.

use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// A lab for image data: digit sequences from MNIST and augmented pictures, the same pixels as in the browser.
#[derive(Debug, Parser)]
#[command(
    name = "digitlab",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = "Errors go to stderr, with exit code 2. `digitlab help generate` teaches one command."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) work: Work,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Work {
    /// Make labelled images of a number in MNIST handwriting
    #[command(after_help = "\
Examples:
  digitlab generate -n 042 -w 90                         a PNG named by its task id
  digitlab generate -n 042 -a 1 -smin 5 -smax 10 -w 90   augmented, with the short flags of old
  digitlab generate -n 042 -w 84 --seed 7 -o 042.npy     the same array on every machine
  digitlab generate -n 31415 --fit natural --count 1000 -o images --json > labels.jsonl")]
    Generate(Generate),
    /// Make a whole data set, in a format that trainers read
    #[command(after_help = "\
Examples:
  digitlab dataset --numbers random:6 --count 100000 -w 168 --seed 7 -o digits
  digitlab dataset --numbers range:000-999 --count 50000 --fit natural --subsets train=80,validation=10,test=10 \\
      --split matching --format webdataset -o digits    training pictures and test pictures by other hands
  digitlab dataset --numbers phone:us --count 20000 --fit natural -a --boxes coco --format png-folder -o phones
  digitlab dataset --recipe digits/recipe.json -o again  the same bytes once more
  digitlab dataset --recipe digits.json --shard 3/64 -o shards
                                                         a 64th of it: other machines make the others

A run that was stopped or killed goes on where it stopped when the same command is run again.")]
    Dataset(Box<Dataset>),
    /// Change pictures by a pipeline of augmentations
    #[command(after_help = "\
Examples:
  digitlab augment cat.jpg -o cat.png                       the preset `visible`
  digitlab augment cat.jpg --pipeline steps.json --seed 7   ours, or Albumentations' JSON or YAML
  digitlab augment cat.jpg --pipeline strong --count 20 -o variants --json")]
    Augment(Augment),
    /// Say which digit pictures show
    #[command(after_help = "\
Examples:
  digitlab classify seven.jpg                  one line: the digit, how probable, the file
  digitlab classify scans/*.png --json         all ten probabilities, where the digit is, what was done
  digitlab classify seven.jpg --model tiny     the small model; or a model of yours: --model mine.onnx")]
    Classify(Recognize),
    /// Read the number that pictures show
    #[command(after_help = "\
Examples:
  digitlab read meter.jpg                      one line: the number, how probable, the file
  digitlab read meter.jpg --json               each digit with its box and its probabilities")]
    Read(Recognize),
    /// Draw a range of depths of an image log in false colour
    #[command(after_help = "\
Examples:
  digitlab frame log.csv --depth-min 9000 --depth-max 9500 -o frame.jpg
  digitlab frame log.csv.gz --colormap viridis --reverse --scale own -o frame.png
  digitlab frame log.csv --colormap navy,white,#b00 --height 800 -o frame.png
  digitlab frame log.csv --depth-min 9100 -o window.csv     the resampled rows as a table")]
    Frame(Frame),
}

/// Fields of a request are read as the page and its programs read them.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The digits; leading zeros stay
    #[arg(short, long, allow_hyphen_values = true)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) look: Look,
    /// Which samples are drawn from: all, train or test
    #[arg(long)]
    pub(crate) split: Option<String>,
    #[command(flatten)]
    pub(crate) series: Series,
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// What images of digits look like.
#[derive(Debug, Args)]
pub(crate) struct Look {
    /// Whether each digit is augmented: 1, 0, true or false
    #[arg(short, long, value_name = "0|1", num_args = 0..=1, default_missing_value = "1")]
    pub(crate) augment: Option<String>,
    /// What is run on each digit: seed, visible, strong, or a file of steps (JSON or YAML, ours or Albumentations')
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) pipeline: Option<String>,
    /// The least gap between digits, in pixels (-smin); 5 if not given
    #[arg(long, value_name = "PIXELS", allow_hyphen_values = true)]
    pub(crate) spacing_min: Option<String>,
    /// The widest gap between digits, in pixels (-smax); 10 if not given
    #[arg(long, value_name = "PIXELS", allow_hyphen_values = true)]
    pub(crate) spacing_max: Option<String>,
    /// The image's width in pixels; needed unless --fit is natural
    #[arg(short = 'w', long, value_name = "PIXELS", allow_hyphen_values = true)]
    pub(crate) image_width: Option<String>,
    /// How the width is reached: stretch, pad or natural; stretch if not given
    #[arg(long)]
    pub(crate) fit: Option<String>,
    /// white-on-black or black-on-white
    #[arg(long)]
    pub(crate) ink: Option<String>,
    /// Blank columns left and right, in pixels; 4 if not given
    #[arg(long, value_name = "PIXELS", allow_hyphen_values = true)]
    pub(crate) margin: Option<String>,
    /// Whether each digit's blank columns are cropped: true or false
    #[arg(long)]
    pub(crate) tight: Option<String>,
}

/// Where the handwriting comes from.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// The folder of the MNIST bucket, which holds its manifest.json; else DIGITLAB_BUCKET, or `mnist` or `www/mnist`
    /// found near the program or in the folders above here
    #[arg(long, value_name = "FOLDER", env = "DIGITLAB_BUCKET")]
    pub(crate) bucket: Option<PathBuf>,
}

/// The recipe of a data set, and how it is made.
#[derive(Debug, Args)]
pub(crate) struct Dataset {
    /// The recipe as JSON, or a whole recipe.json; `-` reads it from stdin. Instead of the options that say what is made
    #[arg(long, value_name = "FILE", help_heading = "Recipe")]
    pub(crate) recipe: Option<PathBuf>,
    /// Which numbers: list:042,7; range:0-999 (range:000-999 pads with zeros); random:6 (that many digits), random:1-6
    /// (any length between), random:4=1,6=3 (lengths by weight); pattern:0[789]0######## (# is any digit); phone:us;
    /// file:PATH (a number in each line)
    #[arg(short, long, value_name = "KIND:WHAT", help_heading = "Recipe")]
    pub(crate) numbers: Option<String>,
    /// How many items, up to 10 million
    #[arg(short, long, allow_hyphen_values = true, help_heading = "Recipe")]
    pub(crate) count: Option<String>,
    /// How numbers of a list, a range or a file follow one another: in-turn or shuffled; in-turn if not given
    #[arg(long, help_heading = "Recipe")]
    pub(crate) order: Option<String>,
    /// The subsets with their weights, such as train=80,validation=10,test=10; everything is for training if not given
    #[arg(long, value_name = "SUBSET=WEIGHT,...", help_heading = "Recipe")]
    pub(crate) subsets: Option<String>,
    /// png-zip, png-folder, webdataset, parquet, npz, npy or idx; png-zip if not given
    #[arg(short, long, help_heading = "Recipe")]
    pub(crate) format: Option<String>,
    /// Files with the digits' boxes beside labels.csv: none, coco or yolo; none if not given
    #[arg(long, help_heading = "Recipe")]
    pub(crate) boxes: Option<String>,
    /// How many items each file is for; 10000 for webdataset and parquet, else all, if not given
    #[arg(
        long,
        value_name = "ITEMS",
        allow_hyphen_values = true,
        help_heading = "Recipe"
    )]
    pub(crate) items_per_file: Option<String>,
    /// What the files are called; digits if not given
    #[arg(long, help_heading = "Recipe")]
    pub(crate) name: Option<String>,
    /// An unsigned 64-bit number; drawn, told and kept if not given
    #[arg(long, allow_hyphen_values = true, help_heading = "Recipe")]
    pub(crate) seed: Option<String>,
    #[command(flatten, next_help_heading = "Look")]
    pub(crate) look: Look,
    /// Which samples are drawn from: all, train, test, or matching (MNIST's test digits for the subset test, its train
    /// digits for the others)
    #[arg(long, help_heading = "Look")]
    pub(crate) split: Option<String>,
    /// Make only the files of shard I of N, counted from 0: all shards together are the whole
    #[arg(long, value_name = "I/N", help_heading = "Work")]
    pub(crate) shard: Option<String>,
    /// How many threads work; one for each core if not given
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Work")]
    pub(crate) workers: Option<u16>,
    /// The folder that files are written to; else one with the name of the data set
    #[arg(short, long, value_name = "FOLDER", help_heading = "Work")]
    pub(crate) out: Option<PathBuf>,
    /// The file of numbers that a recipe names; else looked for beside the recipe
    #[arg(long, value_name = "FILE", requires = "recipe", help_heading = "Work")]
    pub(crate) numbers_file: Option<PathBuf>,
    /// Say progress and result as JSON, a line each
    #[arg(long, help_heading = "Work")]
    pub(crate) json: bool,
    /// Say nothing while it goes well
    #[arg(short, long, help_heading = "Work")]
    pub(crate) quiet: bool,
    #[command(flatten, next_help_heading = "Work")]
    pub(crate) source: Source,
}

/// A picture, and what is done to it.
#[derive(Debug, Args)]
pub(crate) struct Augment {
    /// The picture: PNG, JPEG, GIF, WebP, BMP or TIFF; `-` reads it from stdin
    pub(crate) picture: PathBuf,
    /// A preset (seed, visible, strong, ...), or a file of steps (JSON or YAML, ours or Albumentations')
    #[arg(short, long, value_name = "NAME|FILE", default_value = "visible")]
    pub(crate) pipeline: String,
    #[command(flatten)]
    pub(crate) series: Series,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Pictures, and who looks at them.
#[derive(Debug, Args)]
pub(crate) struct Recognize {
    /// The pictures: PNG, JPEG, GIF, WebP, BMP or TIFF; `-` reads one from stdin
    #[arg(required = true)]
    pub(crate) pictures: Vec<PathBuf>,
    /// default, tiny, or the ONNX file of a model with input [N, 1, 28, 28] and ten scores
    #[arg(short, long, value_name = "NAME|FILE", default_value = "default")]
    pub(crate) model: String,
    /// Answer as JSON, a line for each picture
    #[arg(long)]
    pub(crate) json: bool,
}

/// An image log, and what is drawn of it.
#[derive(Debug, Args)]
pub(crate) struct Frame {
    /// The log: CSV with a depth and the pixels of that depth in each row, plain or gzipped; `-` reads it from stdin
    pub(crate) log: PathBuf,
    /// The smallest depth; the log's own if not given
    #[arg(long, value_name = "DEPTH", allow_hyphen_values = true)]
    pub(crate) depth_min: Option<f64>,
    /// The largest depth; the log's own if not given
    #[arg(long, value_name = "DEPTH", allow_hyphen_values = true)]
    pub(crate) depth_max: Option<f64>,
    /// How many columns rows are resampled to: 2 to 4096, or 0 for the log's own
    #[arg(short = 'w', long, value_name = "COLUMNS", default_value_t = 150)]
    pub(crate) columns: u64,
    /// nearest, linear, quadratic, cubic, quartic, quintic, area or lanczos3
    #[arg(long, default_value = "nearest")]
    pub(crate) method: String,
    /// What becomes of rows with something wrong: drop or fail
    #[arg(long, default_value = "drop")]
    pub(crate) policy: String,
    /// What becomes of values outside 0 to 255: refuse, clip or rescale
    #[arg(long, default_value = "refuse")]
    pub(crate) values: String,
    /// depth, gray, viridis, magma, inferno, plasma, cividis, turbo, or CSS colours parted by commas
    #[arg(long, default_value = "depth")]
    pub(crate) colormap: String,
    /// Turn the colour map round
    #[arg(long)]
    pub(crate) reverse: bool,
    /// What the first and the last colour mean: fixed (0 to 255) or own (the window's smallest and largest)
    #[arg(long, default_value = "fixed")]
    pub(crate) scale: String,
    /// The picture's width in pixels, if it shall be another than the columns
    #[arg(long, value_name = "PIXELS")]
    pub(crate) width: Option<u64>,
    /// The picture's height in pixels, if it shall be another than the rows
    #[arg(long, value_name = "PIXELS")]
    pub(crate) height: Option<u64>,
    /// A file whose ending says its format (jpg, png, f32, csv), or `-` for a JPEG on stdout; else the log's name with .jpg
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Say what was read and drawn as JSON, with the report of the import
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which images of a seed's endless series are made.
#[derive(Debug, Args)]
pub(crate) struct Series {
    /// An unsigned 64-bit number; drawn, and told, if not given
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) seed: Option<u64>,
    /// The first image's position in the seed's series
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    pub(crate) index: u64,
    /// How many images: those from the index on
    #[arg(short, long, default_value_t = 1, allow_hyphen_values = true, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) count: u64,
}

/// Where results go.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// A file whose ending says its format, `-` for stdout, or a folder; else the working folder
    #[arg(short, long, value_name = "FILE|FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Say what was made as JSON, a line for each image
    #[arg(long)]
    pub(crate) json: bool,
}

/// Short flags of more than one letter, as an older tool had them, in today's spelling.
pub(crate) fn modern(arguments: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    arguments.map(|argument| {
        let Some(text) = argument.to_str() else {
            return argument;
        };
        for (old, new) in [("-smin", "--spacing-min"), ("-smax", "--spacing-max")] {
            match text.strip_prefix(old) {
                Some(rest) if rest.is_empty() || rest.starts_with('=') => {
                    return format!("{new}{rest}").into();
                }
                _ => {}
            }
        }
        argument
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn old_short_flags_are_understood() {
        let line = "digitlab generate -n 042 -a 1 -smin 0 -smax=3 -w 90";
        let arguments = modern(line.split(' ').map(OsString::from));
        let Arguments { work } = Arguments::try_parse_from(arguments).expect("a good line");
        let Work::Generate(generate) = work else {
            panic!("{work:?}");
        };
        assert_eq!(generate.look.spacing_min.as_deref(), Some("0"));
        assert_eq!(generate.look.spacing_max.as_deref(), Some("3"));
        assert_eq!(generate.look.augment.as_deref(), Some("1"));
        assert_eq!(generate.look.image_width.as_deref(), Some("90"));
    }
}
