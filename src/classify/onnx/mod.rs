//! Classifiers as ONNX files.
//!
//! A file takes `input`, float32 `[N, 1, 28, 28]`, ink from 0 (paper) to 1, and gives
//! `scores`, float32 `[N, 10]`, whose softmax are the probabilities. It uses operators of opset
//! 13 that every runtime knows.

mod proto;
mod read;
mod write;

pub use read::read;
pub use write::write;

/// The name of what goes in.
pub const INPUT: &str = "input";

/// The name of what comes out.
pub const OUTPUT: &str = "scores";

/// The version of the set of operators.
pub const OPSET: i64 = 13;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::network::{Architecture, Classifier, Head, Stage};
    use crate::classify::training::Network;
    use crate::random::{Purpose, Stream};

    fn classifier(head: Head) -> Classifier {
        let stages = [
            Stage::Convolution(16),
            Stage::Pool,
            Stage::Convolution(32),
            Stage::Pool,
        ];
        let network = Network::new(&Architecture::new(&stages, head).unwrap());
        let mut stream = Stream::new(3, 0, Purpose::Training);
        network.fold(&network.begin(&mut stream)).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        for head in [Head::Flatten, Head::Average] {
            let before = classifier(head);
            let bytes = write("test", &before);
            let after = read("test.onnx", &bytes).unwrap();
            assert_eq!(after.architecture(), before.architecture());
            assert_eq!(after.convolutions(), before.convolutions());
            assert_eq!(after.dense(), before.dense());
            assert_eq!(write("test", &after), bytes);
        }
    }

    #[test]
    fn broken_files_are_refused_with_their_name() {
        let bytes = write("test", &classifier(Head::Average));
        let mut refused = 0;
        for length in (0..bytes.len()).step_by(97) {
            let error = read("cut.onnx", &bytes[..length]).unwrap_err();
            assert!(
                error.to_string().starts_with("cut.onnx cannot be read"),
                "{error}"
            );
            refused += 1;
        }
        assert!(refused > 100);
        // No byte, whatever becomes of it, may stop the program.
        for at in (0..bytes.len()).step_by(53).chain(0..300) {
            let mut broken = bytes.clone();
            broken[at] ^= 0x55;
            let _ = read("broken.onnx", &broken);
        }
    }
}
