//! Variables in files of older releases, when a trigger asks for them.

use crate::kernel::{Ctx, Result};
use crate::store::takeover::{Report, env};

/// Takes them over; see [`env::all`] for `marks`. What needs a look is said.
///
/// # Errors
/// When a file cannot be read, written or removed.
pub fn adopt(ctx: &Ctx, marks: bool) -> Result {
    let mut report = Report::begin(ctx.layout(), ctx.platform.clock.now());
    let done = env::all(ctx.layout(), marks, &mut report);
    for note in report.notes().iter().filter(|note| note.is_warning) {
        ctx.out.warn(&note.text);
    }
    Ok(done?)
}
