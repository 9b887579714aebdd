//! What commands may ask of the server, over its socket.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;
use tracing::{debug, warn};

use crate::model::{Fault, Outcome};
use crate::platform::control::{ControlSocket, Conversation, Request, Response};

type Answering = Pin<Box<dyn Future<Output = Outcome<Value>> + Send>>;

/// The verbs, and who answers each.
#[derive(Clone, Default)]
pub struct Control(BTreeMap<&'static str, Arc<dyn Fn(Value) -> Answering + Send + Sync>>);

impl Control {
    /// Adds a verb.
    #[must_use]
    pub fn on<H, F>(mut self, verb: &'static str, handler: H) -> Self
    where
        H: Fn(Value) -> F + Send + Sync + 'static,
        F: Future<Output = Outcome<Value>> + Send + 'static,
    {
        self.0.insert(verb, Arc::new(move |arguments| Box::pin(handler(arguments))));
        self
    }

    /// Answers requests for ever, each in a task of its own: a panic in one ends that one.
    pub async fn serve(self, socket: ControlSocket) {
        loop {
            match socket.next().await {
                Ok(conversation) => {
                    tokio::spawn(self.clone().converse(conversation));
                }
                Err(fault) => {
                    warn!("{fault}");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn converse(self, mut conversation: Conversation) {
        if let Some(request) = conversation.request().await {
            let response = self.respond(request).await;
            conversation.answer(&response).await;
        }
    }

    async fn respond(&self, request: Request) -> Response {
        debug!(verb = request.verb, "asked");
        let Some(handler) = self.0.get(request.verb.as_str()) else {
            return Response::from(Err(Fault::new(format!("dokku serve knows no request {}", request.verb))));
        };
        // In a task of its own, so that who asked gets an answer even when the handler panics.
        let outcome = tokio::spawn(handler(request.arguments)).await;
        Response::from(outcome.unwrap_or_else(|_| Err(Fault::new("dokku serve failed: see its log"))))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::control::ask;

    #[tokio::test]
    async fn who_asks_gets_the_value_or_the_fault() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("serve.sock");
        let control = Control::default()
            .on("double", |value| async move { Ok(json!(value.as_i64().unwrap_or(0) * 2)) })
            .on("fail", |_| async { Err(Fault::new("no").hint("do this")) })
            .on("panic", |_| async { panic!("a test panics on purpose") });
        tokio::spawn(control.serve(ControlSocket::open(&path, None).unwrap()));
        assert_eq!(ask(&path, "double", json!(21)).await.unwrap(), 42);
        let fault = ask(&path, "fail", Value::Null).await.unwrap_err();
        assert_eq!((fault.message.as_str(), fault.hints.as_slice()), ("no", &["do this".to_owned()][..]));
        assert!(ask(&path, "panic", Value::Null).await.is_err());
        assert!(ask(&path, "nonsense", Value::Null).await.unwrap_err().message.contains("nonsense"));
        assert_eq!(ask(&path, "double", json!(1)).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn without_a_server_it_says_so() {
        let fault =
            ask(std::path::Path::new("/nowhere/serve.sock"), "status", Value::Null).await.unwrap_err();
        assert!(fault.message.contains("dokku serve"), "{fault}");
    }
}
