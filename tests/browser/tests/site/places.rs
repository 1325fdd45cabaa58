//! The places of the page, for what is asked of all of them.

/// The places, and when each is there with something in it.
pub(crate) const PLACES: [(&str, &str); 10] = [
    (
        "#/generate?number=0123456789&seed=7",
        "document.querySelector('#sheet').dataset.state === 'done'",
    ),
    (
        "#/augment?sample=card&seed=3",
        "document.querySelector('#augment-wall')?.dataset.state === 'done'",
    ),
    (
        "#/classify?sample=ruled",
        "document.querySelector('#classify-answer')?.dataset.state === 'done'",
    ),
    (
        "#/frames",
        "document.querySelector('#frames')?.dataset.state === 'empty'",
    ),
    (
        "#/api?module=sequences",
        "[...document.querySelectorAll('.api-entry pre')].filter(({ textContent }) => textContent !== '').length > 2",
    ),
    (
        "#/dataset?seed=3",
        "document.querySelector('#dataset-items')?.dataset.state === 'done'",
    ),
    (
        "#/train",
        "document.querySelector('#train-go')?.disabled === false",
    ),
    (
        "#/robustness",
        "document.querySelector('#robustness-model')?.options.length >= 2",
    ),
    (
        "#/records",
        // Other places may have left an answer.
        "document.querySelector('#records-empty')?.hidden === false || document.querySelector('#view-records [data-at]') !== null",
    ),
    (
        "#/storage",
        "document.querySelectorAll('.storage-row').length > 5",
    ),
];
