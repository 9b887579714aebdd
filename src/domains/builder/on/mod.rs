//! Reactions

pub mod builder_detect;
pub mod builder_get_property;
pub mod builder_image_is_cnb;
pub mod builder_image_is_herokuish;
pub mod builder_release;
pub mod builder_set_property;
pub mod install;
