//! The page.

fn main() {
    flowsift::web::report_panics();
    flowsift::ui::mount();
}
