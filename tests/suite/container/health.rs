//! What the endpoint for health finds, and how soon it finds something new.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use dokku::server::Places;
use dokku::server::health::{Health, Part};

use crate::support::World;

fn port_of(listener: &TcpListener) -> u16 {
    listener.local_addr().unwrap().port()
}

/// Of a world whose volume, door and apps are well; nginx is looked for on these ports.
fn health(world: &World, http_port: u16, generation_port: u16) -> Arc<Health> {
    let layout = world.layout.clone();
    let volume = layout.root.clone();
    let places = Places { volume, ssh_port: 0, health_port: 0, http_port, generation_port, layout };
    let health = Health::new(Arc::new(world.docker.clone()), &places);
    for part in [Part::Volume, Part::Ssh, Part::Restore] {
        health.is_well(part);
    }
    health
}

#[tokio::test]
async fn nginx_is_found_soon_after_it_listens() {
    let world = World::new();
    let (http, generation) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let (http_port, generation_port) = (port_of(&http), port_of(&generation));
    drop(http);
    let health = health(&world, http_port, generation_port);
    assert!(health.sick().await.contains_key(&Part::Nginx));
    let _http = TcpListener::bind(("127.0.0.1", http_port)).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(health.sick().await, BTreeMap::new());
}

#[tokio::test]
async fn askers_in_a_hurry_make_no_work() {
    let world = World::new();
    let (http, generation) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let health = health(&world, port_of(&http), port_of(&generation));
    for _ in 0..50 {
        assert_eq!(health.sick().await, BTreeMap::new());
    }
    generation.set_nonblocking(true).unwrap();
    let asked = generation.incoming().map_while(Result::ok).count();
    assert!((1..50).contains(&asked), "nginx was asked {asked} times");
}
