//! Threads that have files, and tell how far they are.

use std::{
    fs::File,
    io::{self, IsTerminal as _},
    path::PathBuf,
    sync::Mutex,
};

use flowsift::engine::{Input, Progress, ThreadHost};

use super::{
    command::Command,
    run::{Failure, unread},
};

/// Threads that have these files.
pub fn host(command: &Command, files: &[PathBuf]) -> Result<ThreadHost, Failure> {
    let mut inputs = Vec::with_capacity(files.len());
    for path in files {
        File::open(path).map_err(unread(path))?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let path = path.clone();
        // It was there a moment ago; an empty one is told of in words.
        inputs.push(Input::new(&name, move || {
            File::open(&path).map(Opened::File).unwrap_or_else(|_| Opened::Gone(io::Cursor::new(Vec::new())))
        }));
    }
    let threads = command.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let shown = Mutex::new(String::new());
    let quiet = command.quiet || !io::stderr().is_terminal();
    let tell = move |_: usize, progress: Progress| {
        let percent = (progress.done * 100).checked_div(progress.total).unwrap_or(100);
        let line = format!("{:?} {percent} %", progress.stage);
        if let Ok(mut shown) = shown.lock()
            && !quiet
            && *shown != line
        {
            eprint!("\r{line:<40}");
            *shown = line;
        }
    };
    Ok(ThreadHost::of(threads, inputs, tell))
}

/// Clears the line that told how far it was.
pub fn end_progress() {
    if io::stderr().is_terminal() {
        eprint!("\r{:<40}\r", "");
    }
}

/// A file, or nothing where it is gone.
enum Opened {
    File(File),
    Gone(io::Cursor<Vec<u8>>),
}

impl io::Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Gone(nothing) => nothing.read(into),
        }
    }
}

impl io::Seek for Opened {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Gone(nothing) => nothing.seek(to),
        }
    }
}

impl flowsift::ingest::Source for Opened {}
