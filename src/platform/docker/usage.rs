//! Reading what takes room, and what was removed, of any engine's age.

use serde_json::Value;

use super::{DiskItem, DiskKind, DiskUsage, Pruned, Usage};

/// The answer of `/system/df`: lists until API 1.51, sums from 1.52 on.
pub fn disk_usage(found: &Value) -> DiskUsage {
    let part = |sums: &str, list: &str, bytes: fn(&Value) -> i64| {
        if let Some(sum) = found.get(sums) {
            return usage(sum["TotalCount"].as_i64(), sum["TotalSize"].as_i64());
        }
        let list = found[list].as_array().map_or(&[][..], Vec::as_slice);
        usage(i64::try_from(list.len()).ok(), Some(list.iter().map(|one| bytes(one).max(0)).sum()))
    };
    let mut images = part("ImageUsage", "Images", |image| image["Size"].as_i64().unwrap_or(0));
    // Layers are shared: the sum of the images says too much.
    if let Some(layers) = found["LayersSize"].as_i64() {
        images.bytes = u64::try_from(layers).unwrap_or(0);
    }
    DiskUsage {
        images,
        containers: part("ContainerUsage", "Containers", |one| one["SizeRw"].as_i64().unwrap_or(0)),
        volumes: part("VolumeUsage", "Volumes", |one| one["UsageData"]["Size"].as_i64().unwrap_or(0)),
        build_cache: part("BuildCacheUsage", "BuildCache", |one| {
            if one["Shared"].as_bool() == Some(true) { 0 } else { one["Size"].as_i64().unwrap_or(0) }
        }),
    }
}

/// The answer of `/system/df` thing by thing; of what is built it is one. Lists stand in their sums' objects from API
/// 1.52 on.
pub fn disk_items(found: &Value) -> Vec<DiskItem> {
    let list = |plain: &str, sums: &str| -> Vec<Value> {
        let list = found[plain].as_array().or_else(|| found[sums]["Items"].as_array());
        list.cloned().unwrap_or_default()
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let bytes = |value: &Value| value.as_u64().unwrap_or(0);
    let mut items = Vec::new();
    for image in list("Images", "ImageUsage") {
        let tags = image["RepoTags"].as_array().map_or(&[][..], Vec::as_slice);
        let name = tags.iter().map(&text).find(|name| name != "<none>:<none>");
        let id = text(&image["Id"]);
        items.push(DiskItem {
            kind: DiskKind::Image,
            is_nameless: name.is_none(),
            name: name.unwrap_or_else(|| format!("{} without a name", short(&id))),
            // What is shared goes with the last image that has it; engines that do not tell say -1.
            bytes: bytes(&image["Size"]).saturating_sub(bytes(&image["SharedSize"])),
            is_unused: image["Containers"].as_i64() == Some(0),
            is_dokkus: image["Labels"].get("dokku").is_some(),
        });
    }
    for container in list("Containers", "ContainerUsage") {
        let name = container["Names"].as_array().and_then(|names| names.first()).map(&text);
        let state = text(&container["State"]);
        items.push(DiskItem {
            kind: DiskKind::Container,
            name: name.unwrap_or_default().trim_start_matches('/').to_owned(),
            bytes: bytes(&container["SizeRw"]),
            is_unused: matches!(state.as_str(), "exited" | "dead" | "created"),
            is_dokkus: container["Labels"].get("dokku").is_some(),
            is_nameless: false,
        });
    }
    for volume in list("Volumes", "VolumeUsage") {
        items.push(DiskItem {
            kind: DiskKind::Volume,
            name: text(&volume["Name"]),
            bytes: bytes(&volume["UsageData"]["Size"]),
            is_unused: volume["UsageData"]["RefCount"].as_i64() == Some(0),
            is_dokkus: volume["Labels"].get("dokku").is_some(),
            is_nameless: false,
        });
    }
    for is_unused in [true, false] {
        let of_cache = list("BuildCache", "BuildCacheUsage");
        let fits = |one: &&Value| {
            let is_free = one["InUse"].as_bool() != Some(true);
            is_free == is_unused && one["Shared"].as_bool() != Some(true)
        };
        items.push(DiskItem {
            kind: DiskKind::BuildCache,
            name: String::new(),
            bytes: of_cache.iter().filter(fits).map(|one| bytes(&one["Size"])).sum(),
            is_unused,
            is_dokkus: false,
            is_nameless: false,
        });
    }
    items.retain(|item| item.bytes > 0);
    items
}

fn short(id: &str) -> &str {
    let id = id.trim_start_matches("sha256:");
    id.get(..12).unwrap_or(id)
}

/// The answer of any prune call.
pub fn pruned(found: &Value) -> Pruned {
    let mut removed = Vec::new();
    for list in ["ContainersDeleted", "ImagesDeleted", "CachesDeleted", "VolumesDeleted", "NetworksDeleted"] {
        for one in found[list].as_array().map_or(&[][..], Vec::as_slice) {
            let name = one.as_str().or_else(|| one["Deleted"].as_str()).or_else(|| one["Untagged"].as_str());
            removed.extend(name.map(str::to_owned));
        }
    }
    Pruned { removed, reclaimed: found["SpaceReclaimed"].as_u64().unwrap_or(0) }
}

fn usage(count: Option<i64>, bytes: Option<i64>) -> Usage {
    let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0);
    Usage { count: number(count), bytes: number(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn room_is_counted_from_the_lists_of_old_engines_and_the_sums_of_new_ones() {
        let old = json!({
            "LayersSize": 700, "Images": [{"Size": 500}, {"Size": 400}],
            "Containers": [{"SizeRw": 5}, {}], "Volumes": null,
            "BuildCache": [{"Size": 30, "Shared": false}, {"Size": 9, "Shared": true}],
        });
        let found = disk_usage(&old);
        assert_eq!(found.images, Usage { count: 2, bytes: 700 });
        assert_eq!(found.containers, Usage { count: 2, bytes: 5 });
        assert_eq!(found.volumes, Usage::default());
        assert_eq!(found.build_cache, Usage { count: 2, bytes: 30 });
        let new =
            json!({ "ImageUsage": {"TotalCount": 3, "TotalSize": 800}, "VolumeUsage": {"TotalSize": -1} });
        let found = disk_usage(&new);
        assert_eq!(found.images, Usage { count: 3, bytes: 800 });
        assert_eq!(found.volumes, Usage::default());
    }

    #[test]
    fn things_that_take_room_are_told_apart_by_who_needs_them() {
        let lists = json!({
            "Images": [
                {"Id": "sha256:0123456789abcdef", "RepoTags": ["<none>:<none>"], "Size": 500, "SharedSize": 100,
                 "Containers": 0, "Labels": {"dokku": ""}},
                {"Id": "sha256:1", "RepoTags": ["node:22"], "Size": 400, "SharedSize": -1, "Containers": 2, "Labels": null},
            ],
            "Containers": [{"Names": ["/shop.web.1"], "SizeRw": 5, "State": "running", "Labels": {"dokku": ""}}],
            "Volumes": [{"Name": "data", "UsageData": {"Size": 900, "RefCount": 0}}],
            "BuildCache": [{"Size": 30, "InUse": false}, {"Size": 7, "InUse": true}, {"Size": 9, "Shared": true}],
        });
        let told = |found: &Value| -> Vec<String> {
            let line = |item: &DiskItem| {
                format!("{:?} {} {} {}{}", item.kind, item.name, item.bytes, item.is_unused, item.is_dokkus)
            };
            disk_items(found).iter().map(line).collect()
        };
        let expected = [
            "Image 0123456789ab without a name 400 truetrue",
            "Image node:22 400 falsefalse",
            "Container shop.web.1 5 falsetrue",
            "Volume data 900 truefalse",
            "BuildCache  30 truefalse",
            "BuildCache  7 falsefalse",
        ];
        assert_eq!(told(&lists), expected);
        let newer = json!({
            "ImageUsage": {"Items": lists["Images"]}, "ContainerUsage": {"Items": lists["Containers"]},
            "VolumeUsage": {"Items": lists["Volumes"]}, "BuildCacheUsage": {"Items": lists["BuildCache"]},
        });
        assert_eq!(told(&newer), expected);
        assert!(disk_items(&json!({})).is_empty());
    }

    #[test]
    fn what_was_removed_is_named_whatever_it_was() {
        let images =
            json!({ "ImagesDeleted": [{"Untagged": "a:1"}, {"Deleted": "sha256:00"}], "SpaceReclaimed": 7 });
        assert_eq!(pruned(&images), Pruned { removed: vec!["a:1".into(), "sha256:00".into()], reclaimed: 7 });
        assert_eq!(pruned(&json!({ "ContainersDeleted": null })), Pruned::default());
    }
}
