//! A bound on memory: what a file says of sizes must not decide how much is taken.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

/// The system's allocator, until so many bytes are taken.
struct Bounded;

#[global_allocator]
static ALLOCATOR: Bounded = Bounded;
static TAKEN: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Does what may take at most `most` bytes more than are taken now. An allocation beyond that fails, which ends the program
/// and is a find.
pub fn within<T>(most: usize, work: impl FnOnce() -> T) -> T {
    MOST.store(TAKEN.load(Relaxed).saturating_add(most), Relaxed);
    let done = work();
    MOST.store(usize::MAX, Relaxed);
    done
}

impl Bounded {
    /// Takes so many bytes more, if they are left. To tell of a panic takes as many as it needs.
    fn take(bytes: usize) -> bool {
        let within = TAKEN.fetch_add(bytes, Relaxed).saturating_add(bytes) <= MOST.load(Relaxed);
        let fits = within || std::thread::panicking();
        if !fits {
            TAKEN.fetch_sub(bytes, Relaxed);
        }
        fits
    }
}

// SAFETY: all memory is the system's; null is what says that there is none left.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if Self::take(layout.size()) { unsafe { System.alloc(layout) } } else { std::ptr::null_mut() }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if Self::take(layout.size()) { unsafe { System.alloc_zeroed(layout) } } else { std::ptr::null_mut() }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let more = size.saturating_sub(layout.size());
        if !Self::take(more) {
            return std::ptr::null_mut();
        }
        TAKEN.fetch_sub(layout.size().saturating_sub(size), Relaxed);
        unsafe { System.realloc(memory, layout, size) }
    }
}
