use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};

/// Draws another column along an axis: 0 is the horizontal one, 1 the vertical one.
pub fn choose_axes(page: Page, axis: usize, column: usize) {
    page.axes.update(|axes| {
        if let Some(axes) = axes {
            axes[axis] = column;
        }
    });
    spawn_local(refresh(page, None));
}
