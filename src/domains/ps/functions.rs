//! What the shell functions of the plugin `ps` call.

use crate::kernel::Function;

/// All of them, alphabetical.
pub const ALL: &[Function] = &[
    Function::verb("ps_rebuild", "ps:rebuild"),
    Function::verb("ps_start", "ps:start"),
    Function::verb("ps_stop", "ps:stop"),
];
