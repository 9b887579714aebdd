//! BuildKit asks for files: it is told what is there, asks for what it does not have, and gets that.
//! The protocol is fsutil's (github.com/tonistiigi/fsutil, send.go and receive.go).

use std::io::Read;
use std::sync::{Arc, Mutex};

use bollard_buildkit_proto::fsutil::types::packet::PacketType;
use bollard_buildkit_proto::fsutil::types::{Packet, Stat};
use bollard_buildkit_proto::moby::filesync::packet::file_sync_server::FileSync;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status, Streaming};

use super::walk::{Item, Wanted, walk};
use crate::model::Outcome;
use crate::platform::docker::{BuildContext, ContextEntry};

/// Bytes of a file sent at once.
const PIECE: usize = 64 * 1024;

/// Packets waiting for the connection: with `PIECE`, what a build holds in memory.
const WAITING: usize = 16;

/// The build's files.
pub struct Files {
    tree: Arc<Tree>,
    /// The folder in the context that holds the Dockerfile, with a trailing slash, or nothing.
    dockerfile_folder: String,
}

impl Files {
    /// The files of this context; the Dockerfile is at that path in it.
    pub fn new(context: Arc<dyn BuildContext>, dockerfile: Option<&str>) -> Self {
        let folder =
            dockerfile.and_then(|path| path.rsplit_once('/')).map(|(folder, _)| format!("{folder}/"));
        let tree = Arc::new(Tree { context, entries: Mutex::default() });
        Files { tree, dockerfile_folder: folder.unwrap_or_default() }
    }
}

/// The context, listed once for all the requests of a build: for the Dockerfile, for what it ignores,
/// for what it copies.
struct Tree {
    context: Arc<dyn BuildContext>,
    entries: Mutex<Option<Arc<Vec<ContextEntry>>>>,
}

impl Tree {
    fn entries(&self) -> Outcome<Arc<Vec<ContextEntry>>> {
        // Held while the tree is read: who asks meanwhile wants the same list.
        let mut entries = self.entries.lock().expect("no holder panics");
        if let Some(entries) = &*entries {
            return Ok(Arc::clone(entries));
        }
        let listed = Arc::new(self.context.entries()?);
        *entries = Some(Arc::clone(&listed));
        Ok(listed)
    }
}

#[tonic::async_trait]
impl FileSync for Files {
    type DiffCopyStream = BoxStream<'static, Result<Packet, Status>>;
    type TarStreamStream = BoxStream<'static, Result<Packet, Status>>;

    async fn diff_copy(
        &self,
        request: Request<Streaming<Packet>>,
    ) -> Result<Response<Self::DiffCopyStream>, Status> {
        let wanted = wanted(request.metadata(), &self.dockerfile_folder)?;
        let (packets, mut outgoing) = mpsc::channel(WAITING);
        let (ask, asked) = mpsc::unbounded_channel();
        let tree = Arc::clone(&self.tree);
        tokio::task::spawn_blocking(move || {
            let mut sender = Sender { tree, packets, asked };
            if let Err(fault) = sender.send(&wanted) {
                let _ = sender.packets.blocking_send(Err(Status::internal(fault.to_string())));
            }
        });
        tokio::spawn(read_requests(request.into_inner(), ask));
        let packets = stream::poll_fn(move |cx| outgoing.poll_recv(cx));
        Ok(Response::new(packets.boxed()))
    }

    async fn tar_stream(
        &self,
        _: Request<Streaming<Packet>>,
    ) -> Result<Response<Self::TarStreamStream>, Status> {
        Err(Status::unimplemented(""))
    }
}

/// What BuildKit asks, as it comes: the number of a file, or none at the end.
async fn read_requests(mut incoming: Streaming<Packet>, ask: mpsc::UnboundedSender<Option<u32>>) {
    while let Some(Ok(packet)) = incoming.next().await {
        let asked = match PacketType::try_from(packet.r#type) {
            Ok(PacketType::PacketReq) => Some(packet.id),
            Ok(PacketType::PacketFin) => None,
            _ => return,
        };
        if ask.send(asked).is_err() || asked.is_none() {
            return;
        }
    }
}

/// Runs on a thread of its own, since reading files and objects blocks.
struct Sender {
    tree: Arc<Tree>,
    packets: mpsc::Sender<Result<Packet, Status>>,
    asked: mpsc::UnboundedReceiver<Option<u32>>,
}

impl Sender {
    /// Lists all that is wanted, then sends what is asked for. Ends early when nobody listens any more.
    fn send(&mut self, wanted: &Wanted) -> Outcome {
        let items = walk(&self.tree.entries()?, wanted)?;
        for item in &items {
            if !self.give(PacketType::PacketStat, 0, Some(item.stat.clone()), Vec::new()) {
                return Ok(());
            }
        }
        if !self.give(PacketType::PacketStat, 0, None, Vec::new()) {
            return Ok(());
        }
        while let Some(asked) = self.asked.blocking_recv() {
            let Some(number) = asked else {
                self.give(PacketType::PacketFin, 0, None, Vec::new());
                return Ok(());
            };
            let item = usize::try_from(number).ok().and_then(|number| items.get(number));
            if let Some(item) = item
                && !self.send_content(number, item)?
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// False when nobody listens any more.
    fn send_content(&self, number: u32, item: &Item) -> Outcome<bool> {
        use crate::model::Context;
        let mut reader = self.tree.context.open(&item.entry)?;
        loop {
            let mut piece = Vec::new();
            let piece_of = reader.by_ref().take(PIECE as u64).read_to_end(&mut piece);
            piece_of.context(|| format!("cannot read {}", item.entry.path))?;
            let is_last = piece.is_empty();
            if !self.give(PacketType::PacketData, number, None, piece) {
                return Ok(false);
            }
            if is_last {
                return Ok(true);
            }
        }
    }

    fn give(&self, kind: PacketType, id: u32, stat: Option<Stat>, data: Vec<u8>) -> bool {
        self.packets.blocking_send(Ok(Packet { r#type: kind.into(), stat, id, data })).is_ok()
    }
}

/// Which files a request is about. BuildKit writes that into the request's head.
fn wanted(head: &MetadataMap, dockerfile_folder: &str) -> Result<Wanted, Status> {
    let all = |key: &str| -> Vec<String> {
        let encoded = head.contains_key(format!("{key}-encoded").as_str());
        let values = head.get_all(key).iter().filter_map(|value| value.to_str().ok());
        values.map(|value| if encoded { decode(value) } else { value.to_owned() }).collect()
    };
    let root = match all("dir-name").first().map(String::as_str) {
        Some("dockerfile") => dockerfile_folder,
        Some("context") => "",
        other => {
            return Err(Status::not_found(format!("no folder {} for this build", other.unwrap_or_default())));
        }
    };
    Ok(Wanted {
        root: root.to_owned(),
        include: all("include-patterns"),
        exclude: all("exclude-patterns"),
        follow: all("followpaths"),
    })
}

/// Undoes the escaping of a query's value, which newer engines use for what is not ASCII.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (high, low) = (hex(rest.next()).unwrap_or(0), hex(rest.next()).unwrap_or(0));
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
