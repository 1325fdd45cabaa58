//! Makes small data sets in the IDX format.

/// The two files of a split.
#[derive(Clone, Debug)]
pub struct Split {
    /// The file of images.
    pub images: Vec<u8>,
    /// The file of labels.
    pub labels: Vec<u8>,
}

/// A split of pictures of 28 x 28, one a label. The picture of sample `i` is a bar of full ink and of a place and a
/// width that say which label it has and which sample it is, so that a test can tell where a picture came from.
pub fn split(labels: &[u8]) -> Split {
    let mut images = header(0x0803, &[labels.len(), 28, 28]);
    for (sample, label) in labels.iter().enumerate() {
        images.extend(picture(*label, sample).concat());
    }
    let mut file = header(0x0801, &[labels.len()]);
    file.extend(labels);
    Split {
        images,
        labels: file,
    }
}

/// The head of a file: its magic number and the length of each axis.
pub fn header(magic: u32, axes: &[usize]) -> Vec<u8> {
    let axes = axes.iter().flat_map(|axis| {
        u32::try_from(*axis)
            .expect("an axis of 32 bits")
            .to_be_bytes()
    });
    magic.to_be_bytes().into_iter().chain(axes).collect()
}

/// Row `4 + label` is full from column 4 on, over as many columns as the sample's number says, modulo 20; row 20 is a
/// line of ink that makes every picture as wide as the others.
fn picture(label: u8, sample: usize) -> [[u8; 28]; 28] {
    let mut rows = [[0; 28]; 28];
    rows[4 + usize::from(label)][4..=4 + sample % 20].fill(255);
    rows[20][4..24].fill(200);
    rows
}
