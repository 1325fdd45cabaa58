//! Telephone numbers by numbering plans.

/// A kind of telephone number, as national digits without spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Its name in recipes.
    pub name: &'static str,
    /// The name that a person reads.
    pub label: &'static str,
    /// Patterns and how often each is drawn: as many times as it stands for numbers, so that all numbers are as likely.
    pub(super) patterns: &'static [(u32, &'static str)],
}

impl Phone {
    /// Its patterns, without weights.
    pub fn patterns(&self) -> impl Iterator<Item = &'static str> {
        self.patterns.iter().map(|&(_, pattern)| pattern)
    }
}

/// The kinds of telephone numbers.
///
/// - `us`: North American Numbering Plan, NPA-NXX-XXXX: area and exchange codes begin with 2 to 9, area codes have no 9 in
///   the middle, and neither ends in 11.
/// - `uk-mobile`: Ofcom's National Telephone Numbering Plan: 071 to 075 and 077 to 079, and eight digits.
/// - `de-mobile`: Bundesnetzagentur's numbering plan for mobile services: 015 with nine, 016 and 017 with eight digits.
/// - `fr`: ARCEP's numbering plan: 01 to 05 by region, 06 and 07 for mobiles, 09 for the rest, and eight digits.
/// - `jp-mobile`: numbering plan of Japan's Ministry of Internal Affairs and Communications: 070, 080 and 090 with eight
///   digits, of which the first is not 0.
/// - `in-mobile`: India's National Numbering Plan: ten digits, the first from 6 to 9.
/// - `br-mobile`: Anatel's numbering plan: an area code of two digits without 0, a 9, and eight digits.
/// - `au-mobile`: ACMA's Telecommunications Numbering Plan: 04 and eight digits.
pub static PHONES: &[Phone] = &[
    Phone {
        name: "us",
        label: "United States and Canada",
        // 640 and 72 area codes, 720 and 72 exchange codes.
        patterns: &[
            (800, "[2-9][02-8]#[2-9][02-9]#####"),
            (80, "[2-9][02-8]#[2-9]1[02-9]####"),
            (90, "[2-9]1[02-9][2-9][02-9]#####"),
            (9, "[2-9]1[02-9][2-9]1[02-9]####"),
        ],
    },
    Phone {
        name: "uk-mobile",
        label: "United Kingdom, mobile",
        patterns: &[(1, "07[1-57-9]########")],
    },
    Phone {
        name: "de-mobile",
        label: "Germany, mobile",
        patterns: &[(5, "015#########"), (1, "01[67]########")],
    },
    Phone {
        name: "fr",
        label: "France",
        patterns: &[(1, "0[1-79]########")],
    },
    Phone {
        name: "jp-mobile",
        label: "Japan, mobile",
        patterns: &[(1, "0[789]0[1-9]#######")],
    },
    Phone {
        name: "in-mobile",
        label: "India, mobile",
        patterns: &[(1, "[6-9]#########")],
    },
    Phone {
        name: "br-mobile",
        label: "Brazil, mobile",
        patterns: &[(1, "[1-9][1-9]9########")],
    },
    Phone {
        name: "au-mobile",
        label: "Australia, mobile",
        patterns: &[(1, "04########")],
    },
];
