//! What becomes of images of the engine in memory.

use dokku::platform::docker::{DockerResult, Layer};

use super::fake_docker::{State, conflict, with_tag};

impl State {
    /// One step that all images share, and one that is the image's own.
    pub fn layers(&mut self, image: &str) -> DockerResult<Vec<Layer>> {
        let image = self.image(image)?;
        let shared = image.size.min(5);
        let base = Layer { created: 0, created_by: "FROM".to_owned(), size: shared };
        Ok(vec![base, Layer { created: 1, created_by: image.id.clone(), size: image.size - shared }])
    }

    /// Removes a name, and with its last name the image.
    pub fn remove_image(&mut self, image: &str, force: bool) -> DockerResult<Vec<String>> {
        let found = self.image(image)?.clone();
        let tag = with_tag(image);
        let by_name = found.repo_tags.contains(&tag);
        if by_name && found.repo_tags.len() > 1 {
            self.image(image)?.repo_tags.retain(|name| *name != tag);
            return Ok(vec![tag]);
        }
        if !by_name && found.repo_tags.len() > 1 && !force {
            return Err(conflict(format!(
                "unable to delete {image} (must be forced) - image is referenced in multiple repositories"
            )));
        }
        let users = self.containers.values().filter(|made| made.container.image_id == found.id);
        if users.into_iter().any(|made| made.container.state.running || !force) {
            return Err(conflict(format!("unable to delete {image}: a container is using it")));
        }
        if self.parents.values().any(|parent| *parent == found.id) {
            if by_name {
                self.image(image)?.repo_tags.retain(|name| *name != tag);
                return Ok(vec![tag]);
            }
            return Err(conflict(format!("unable to delete {image}: image has dependent child images")));
        }
        let mut gone = vec![tag];
        gone.extend(self.drop_image(&found.id));
        Ok(gone)
    }

    /// Removes an image, and with it what it was committed from, as far as nobody else needs or names that.
    pub fn drop_image(&mut self, id: &str) -> Vec<String> {
        let mut gone = Vec::new();
        let mut next = Some(id.to_owned());
        while let Some(id) = next {
            self.images.remove(&id);
            let parent = self.parents.remove(&id);
            gone.push(id);
            next = parent.filter(|parent| {
                let is_used = self.containers.values().any(|made| made.container.image_id == *parent);
                let is_parent = self.parents.values().any(|other| other == parent);
                let is_named = self.images.get(parent).is_none_or(|image| !image.repo_tags.is_empty());
                !is_used && !is_parent && !is_named
            });
        }
        gone
    }
}
