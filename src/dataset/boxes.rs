//! Which files say where digits stand.

/// Which files say where digits stand, beside `labels.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boxes {
    /// None.
    None,
    /// COCO's JSON.
    Coco,
    /// YOLO's text.
    Yolo,
}

impl Boxes {
    /// Its name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Coco => "coco",
            Self::Yolo => "yolo",
        }
    }
}
