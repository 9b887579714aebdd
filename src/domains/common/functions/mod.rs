//! What the shell functions of the plugin `common` call

mod apps;
mod images;
mod lists;
mod options;
mod properties;

use crate::kernel::Function;

/// All of them, alphabetical.
pub const ALL: &[Function] = &[
    Function::own("add_passed_docker_option", options::add),
    Function::own("dokku_apps", apps::list),
    Function::own("fn-docker-args-split", options::split),
    Function::own("fn-is-valid-app-name", apps::is_valid_name),
    Function::own("fn-plugin-property-clone", properties::clone),
    Function::own("fn-plugin-property-delete", properties::delete),
    Function::own("fn-plugin-property-destroy", properties::destroy),
    Function::own("fn-plugin-property-exists", properties::exists),
    Function::own("fn-plugin-property-get", properties::get),
    Function::own("fn-plugin-property-get-all", properties::get_all),
    Function::own("fn-plugin-property-get-all-by-prefix", properties::get_all),
    Function::own("fn-plugin-property-list-add", lists::add),
    Function::own("fn-plugin-property-list-get", lists::get),
    Function::own("fn-plugin-property-list-get-by-index", lists::get_by_index),
    Function::own("fn-plugin-property-list-get-by-value", lists::get_by_value),
    Function::own("fn-plugin-property-list-length", lists::length),
    Function::own("fn-plugin-property-list-remove", lists::remove),
    Function::own("fn-plugin-property-list-remove-by-prefix", lists::remove_by_prefix),
    Function::own("fn-plugin-property-list-set", lists::set),
    Function::own("fn-plugin-property-setup", properties::set_up),
    Function::own("fn-plugin-property-setup-app", properties::set_up_app),
    Function::own("fn-plugin-property-write", properties::write),
    Function::own("fn-verify-app-image", images::pull_from),
    Function::own("get_app_scheduler", apps::scheduler),
    Function::own("get_deploying_app_image_name", images::deploying),
    Function::own("get_running_image_tag", images::running_tag),
    Function::own("is_deployed", apps::is_deployed),
    Function::own("release_and_deploy", apps::release_and_deploy),
    Function::own("remove_passed_docker_option", options::remove),
    Function::own("verify_app_name", apps::verify),
];
