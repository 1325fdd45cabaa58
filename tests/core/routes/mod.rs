//! The HTTP routes against their promises.
//!
//! - `host`: what the routes need, natively
//! - `case`: requests and answers as data, which the tests of the built site send, too
//! - `table`: the whole table of them
//! - `abuse`: what no table can say: many at once, what breaks off, what fails behind the routes
//! - `document`: the OpenAPI document against the table, and its examples
//! - `fuzz`: anything at all

mod abuse;
mod case;
mod document;
mod fuzz;
mod host;
mod table;
