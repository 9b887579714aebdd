//! The triggers on the way from words to a command. Nobody above the kernel fires them.

use super::trigger::trigger;

trigger! {
    /// Before every command, nested ones too: a failure forbids it. `user` is the system user, `name` the key's, or `default`.
    UserAuth = "user-auth" { user: String, name: String, command: String, words: Vec<String> } reads Nothing -> ()

    /// Which of these apps the caller may see. While nobody listens: all.
    UserAuthApp = "user-auth-app" { user: String, name: String, apps: Vec<String> } reads Nothing -> Vec<String>

    /// A command that has no file of its own, in words; or `help`, or `NAME:help`. Status 10 says that it is somebody
    /// else's. All are asked, `plugn trigger` knows nothing of it.
    Commands = "commands" { words: Vec<String> } -> ()
}
