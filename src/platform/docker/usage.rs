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
