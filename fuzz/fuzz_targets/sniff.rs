//! The head of a file: whatever it is, it gives a layout that holds, or is refused.
#![no_main]

use std::io::Cursor;

use flowsift::ingest::{Choices, Container, Encoding, HEAD_BYTES, Layout, head_from_first_flow};
use flowsift_fuzz::{memory::within, options};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (head, [delimiter, header, decimal, behind]) = options(input);
    let choices = Choices {
        delimiter: b",;\t |".get(usize::from(delimiter).wrapping_sub(1)).copied(),
        header: [None, Some(true), Some(false)][usize::from(header) % 3],
        decimal: [None, Some(b'.'), Some(b',')][usize::from(decimal) % 3],
        ..Choices::default()
    };
    // The file may go on behind its head.
    let length = head.len() as u64 + if behind > 0 { HEAD_BYTES as u64 } else { 0 };
    within((8 << 20) + 64 * head.len(), || {
        Encoding::sniff(head);
        drop(Container::of(head, &mut Cursor::new(head)));
        let head = head_from_first_flow(&mut Cursor::new(head), 0, head.len() as u64, head.to_vec()).expect("memory");
        let Ok((layout, _)) = Layout::sniff(&head, length, &choices) else { return };
        assert!(layout.schema.width() > 0 && layout.row_cells <= layout.schema.width());
        assert!(layout.data_start < head.len() as u64);
        for row in layout.preview(&head).expect("memory") {
            assert_eq!(row.len(), layout.schema.width());
        }
        let rows = layout.data_start..head.len() as u64;
        if let Some(totals) = layout.find_totals(&mut Cursor::new(&head), rows.clone()).expect("memory") {
            assert!(rows.contains(&totals.start) && totals.end == rows.end);
        }
    });
});
