//! The browsers that the tests can drive.

use std::env;
use std::fmt;

pub(crate) mod bidi;
pub(crate) mod chromium;
pub(crate) mod firefox;
pub(crate) mod webkit;

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by ChromeDriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKitGTK, by WebKitWebDriver.
    WebKit,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The one that `DIGITLAB_ENGINE` names, and otherwise Chromium.
    ///
    /// # Panics
    /// When it names none.
    pub fn current() -> Self {
        let Some(name) = env::var_os("DIGITLAB_ENGINE") else {
            return Self::Chromium;
        };
        let known = Self::ALL.into_iter().find(|engine| name == engine.name());
        known.unwrap_or_else(|| {
            panic!("DIGITLAB_ENGINE is {name:?}; allowed: chromium, firefox and webkit")
        })
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Whether it gives a site files of its own (OPFS). A driver's WebKit has private windows only, and there are none.
    pub fn has_own_files(self) -> bool {
        self != Self::WebKit
    }

    /// Whether a page that is loaded again without a service worker finds its caches as they were. WebKit's private
    /// windows let go of those that nobody has open.
    pub fn keeps_caches(self) -> bool {
        self != Self::WebKit
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        })
    }
}
