//! What a `recipe.json` says of the data set that it came with.

use super::plan::Shard;
use crate::error::{Error, Result, shorten};
use crate::mnist::bucket::is_sha256;
use crate::parameter::describe;
use serde_json::{Map, Value};

/// What a `recipe.json` says of the data set that it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// The hash of the recipe.
    sha256: Option<String>,
    /// The name of the bucket, and the hash of its manifest.
    bucket: Option<(String, String)>,
    /// The shard that it was written for.
    pub(super) shard: Option<Shard>,
}

impl Origin {
    /// Reads what stands beside the recipe.
    pub(super) fn from_json(object: &Map<String, Value>) -> Result<Self> {
        const FIELDS: [&str; 6] = ["digitlab", "recipe", "sha256", "bucket", "shard", "files"];
        if let Some(unknown) = object.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            return Err(Error::UnknownParameter {
                field: shorten(unknown),
                allowed: FIELDS.join(", "),
            });
        }
        let text = |field: &str, value: &Value| match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(Error::invalid(field, describe(value), "text")),
        };
        let hash = |field: &str, value: &Value| match text(field, value)? {
            hash if is_sha256(&hash) => Ok(hash),
            _ => {
                let allowed = "64 hex digits in lower case";
                Err(Error::invalid(field, describe(value), allowed))
            }
        };
        let sha256 = object.get("sha256").map(|value| hash("sha256", value));
        let bucket = object.get("bucket").map(|bucket| {
            let part = |field: &str| bucket.get(field).unwrap_or(&Value::Null);
            let name = text("bucket.name", part("name"))?;
            Ok((name, hash("bucket.sha256", part("sha256"))?))
        });
        let shard = object
            .get("shard")
            .map(|value| Shard::parse(&text("shard", value)?));
        Ok(Self {
            sha256: sha256.transpose()?,
            bucket: bucket.transpose()?,
            shard: shard.transpose()?,
        })
    }

    /// Refuses to make something else than what it tells of.
    pub(super) fn check(&self, manifest_sha256: &str, own_sha256: &str) -> Result<()> {
        if let Some((name, sha256)) = &self.bucket
            && sha256 != manifest_sha256
        {
            let allowed = format!(
                "the bucket whose manifest has the SHA-256 {sha256}, for which the recipe was written (the one at hand has \
                 {manifest_sha256}); to use another, hand in what stands under recipe alone"
            );
            return Err(Error::invalid(
                "bucket",
                format!("\"{}\"", shorten(name)),
                allowed,
            ));
        }
        match &self.sha256 {
            Some(sha256) if sha256 != own_sha256 => {
                let allowed = format!(
                    "{own_sha256}, that of the recipe beside it: one of them was changed; to make the changed data set, hand in what \
                     stands under recipe alone"
                );
                Err(Error::invalid("sha256", sha256, allowed))
            }
            _ => Ok(()),
        }
    }
}
