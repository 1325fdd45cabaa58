//! What a result may hang on besides the seed.

use std::env::consts::ARCH;

/// The processor's family, and those of its abilities that this program was compiled for and
/// that change how sums are rounded.
pub(crate) fn describe() -> String {
    let abilities = [
        ("avx512f", cfg!(target_feature = "avx512f")),
        ("avx2", cfg!(target_feature = "avx2")),
        ("fma", cfg!(target_feature = "fma")),
        ("neon", cfg!(target_feature = "neon")),
    ];
    let names = abilities
        .into_iter()
        .filter(|(_, there)| *there)
        .map(|(name, _)| name);
    [ARCH]
        .into_iter()
        .chain(names)
        .collect::<Vec<_>>()
        .join(" ")
}
