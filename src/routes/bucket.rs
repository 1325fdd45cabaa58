//! The MNIST bucket, filled by and by with what requests need.

use super::failure::Failure;
use super::services::Services;
use crate::Error;
use crate::mnist::manifest::FILE as MANIFEST;
use crate::mnist::{Manifest, Pool};
use crate::sequence::{Generator, Request, Sequence};
use futures_util::future::try_join_all;
use std::cell::RefCell;

/// The shards that have been loaded. Many requests use it at once, so it is never borrowed while one waits.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    pool: RefCell<Option<Pool>>,
}

impl Bucket {
    /// Makes an image, after the shards that it needs have been loaded.
    pub(super) async fn generate(
        &self,
        request: &Request,
        services: &impl Services,
    ) -> Result<Sequence, Failure> {
        let mut generator = Generator::default();
        loop {
            let made = {
                let pool = self.pool.borrow();
                pool.as_ref().map(|pool| generator.generate(request, pool))
            };
            match made {
                None => self.open(services).await?,
                Some(Err(Error::ShardsNotLoaded { files })) => {
                    try_join_all(files.iter().map(|file| self.load(file, services))).await?;
                }
                Some(made) => return Ok(made?),
            }
        }
    }

    async fn open(&self, services: &impl Services) -> Result<(), Failure> {
        let bytes = services.bucket_file(MANIFEST, false).await?;
        let manifest =
            Manifest::parse(&String::from_utf8_lossy(&bytes)).map_err(|error| Failure {
                // The person who asked is not to blame.
                code: "bucket_corrupt".into(),
                ..error.into()
            })?;
        // Another request may have been faster, and loaded shards since.
        self.pool
            .borrow_mut()
            .get_or_insert_with(|| Pool::new(manifest));
        Ok(())
    }

    async fn load(&self, file: &str, services: &impl Services) -> Result<(), Failure> {
        let mut damaged = false;
        loop {
            let stored = services.bucket_file(file, damaged).await?;
            let mut pool = self.pool.borrow_mut();
            let Some(pool) = pool.as_mut().filter(|pool| !pool.is_loaded(file)) else {
                return Ok(());
            };
            match pool.load(file, &stored) {
                Ok(()) => {
                    services.confirm_bucket_file(file);
                    return Ok(());
                }
                Err(Error::BucketCorrupt { .. }) if !damaged => damaged = true,
                Err(error) => return Err(error.into()),
            }
        }
    }
}
