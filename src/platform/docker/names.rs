//! Names that go into a request's path, and the parts of an image reference.

use super::DockerResult;
use crate::model::Fault;

/// The name, if it can only be a name: what would change the path or query of the request is refused.
pub fn checked(name: &str) -> DockerResult<&str> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"_.:/@+-".contains(&b);
    let climbs = name.split('/').any(|part| part == ".." || part == "." || part.is_empty());
    if name.is_empty() || climbs || !name.bytes().all(fits) {
        return Err(Fault::new(format!("{name:?} is not a name the Docker engine knows"))
            .hint("names have letters, digits, and _ . : / @ + -")
            .into());
    }
    Ok(name)
}

/// `registry:5000/app:1.2` as `registry:5000/app` and `1.2`; `latest` without a tag. A digest stands as the tag.
pub fn repository_and_tag(image: &str) -> (&str, &str) {
    if let Some((repository, digest)) = image.split_once('@') {
        return (repository, digest);
    }
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (image, "latest"),
    }
}

/// The registry an image comes from: `docker.io` unless the first part is a host.
pub fn registry_of(image: &str) -> &str {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
        _ => "docker.io",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_not_a_name_reaches_a_request() {
        for name in ["web.1", "registry:5000/team/app:1.2", "app@sha256:00ff", "a_b-c+d"] {
            assert!(checked(name).is_ok(), "{name}");
        }
        for name in ["", "..", "a/../b", "/a", "a//b", "a?force=1", "a#b", "a b", "a%2e", "a\nb", "ä"] {
            assert!(checked(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_image_reference_has_a_registry_a_repository_and_a_tag() {
        assert_eq!(repository_and_tag("app"), ("app", "latest"));
        assert_eq!(repository_and_tag("dokku/app:v1"), ("dokku/app", "v1"));
        assert_eq!(repository_and_tag("localhost:5000/app"), ("localhost:5000/app", "latest"));
        assert_eq!(repository_and_tag("app@sha256:00"), ("app", "sha256:00"));
        assert_eq!(registry_of("ubuntu"), "docker.io");
        assert_eq!(registry_of("dokku/app"), "docker.io");
        assert_eq!(registry_of("ghcr.io/a/b:c"), "ghcr.io");
        assert_eq!(registry_of("localhost:5000/a"), "localhost:5000");
    }
}
