//! How much memory a piece of work holds, told by the allocator of the program.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, which counts for each thread.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    /// Bytes that this thread has taken and not given back; those of other threads may be given back here.
    static HELD: Cell<isize> = const { Cell::new(0) };
    /// The most of them since this was last set.
    static MOST: Cell<isize> = const { Cell::new(0) };
}

/// Does some work, and says how many bytes it held at most beyond those that were held before.
pub fn most_of(work: impl FnOnce()) -> usize {
    let before = HELD.get();
    MOST.set(before);
    work();
    (MOST.get() - before) as usize
}

fn change(by: isize) {
    // While a thread ends, nobody counts any more.
    let _ = HELD.try_with(|held| {
        let now = held.get() + by;
        held.set(now);
        let _ = MOST.try_with(|most| most.set(most.get().max(now)));
    });
}

// SAFETY: all is handed on to the system's allocator as it came, and counting takes no memory.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        change(layout.size() as isize);
        // SAFETY: the caller's promise is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        change(layout.size() as isize);
        // SAFETY: the caller's promise is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        change(-(layout.size() as isize));
        // SAFETY: the caller's promise is the same.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        change(size as isize - layout.size() as isize);
        // SAFETY: the caller's promise is the same.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_that_is_held_at_a_time_is_told() {
        let held = most_of(|| {
            for _ in 0..10 {
                drop(std::hint::black_box(vec![1_u8; 1000]));
            }
            let mut grown = Vec::<u8>::with_capacity(500);
            grown.reserve_exact(2500);
            drop(std::hint::black_box(grown));
        });
        assert_eq!(held, 2500);
    }

    #[test]
    fn memory_that_was_promised_counts_though_nobody_has_touched_it() {
        let held = most_of(|| drop(std::hint::black_box(vec![0_u8; 1 << 30])));
        assert_eq!(held, 1 << 30);
    }
}
