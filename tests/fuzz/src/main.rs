//! `digitlab-fuzz TARGET FILE…` gives files to a target: one that was found shows again what is wrong with it.
//! `digitlab-fuzz` alone lists the targets. Built by `cargo xtask fuzz`, the program is libFuzzer with the target
//! that the variable `DIGITLAB_FUZZ_TARGET` names.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(init: digitlab_fuzz::campaign::prepare(), |bytes: &[u8]| {
    digitlab_fuzz::campaign::target().run(bytes);
});

#[cfg(not(fuzzing))]
fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let Some(name) = arguments.next() else {
        for target in digitlab_fuzz::TARGETS {
            println!("{:<16} {}", target.name, target.about);
        }
        return;
    };
    let Some(target) = name.to_str().and_then(digitlab_fuzz::find) else {
        eprintln!("There is no target {name:?}; without an argument, all are listed.");
        std::process::exit(2);
    };
    for file in arguments {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{} cannot be read: {error}.", file.display());
                std::process::exit(2);
            }
        };
        let held = target.run(&bytes);
        println!("{}: {held} bytes of memory at most", file.display());
    }
}
