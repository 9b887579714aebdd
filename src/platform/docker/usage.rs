//! Reading what takes room, and what was removed, of any engine's age.

use serde_json::Value;

use super::{DiskUsage, Pruned, Usage};

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
    fn what_was_removed_is_named_whatever_it_was() {
        let images =
            json!({ "ImagesDeleted": [{"Untagged": "a:1"}, {"Deleted": "sha256:00"}], "SpaceReclaimed": 7 });
        assert_eq!(pruned(&images), Pruned { removed: vec!["a:1".into(), "sha256:00".into()], reclaimed: 7 });
        assert_eq!(pruned(&json!({ "ContainersDeleted": null })), Pruned::default());
    }
}
