//! What is spoken on a mapped port.

use std::str::FromStr;

/// What is spoken on a mapped port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortScheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS, ended by the proxy.
    Https,
    /// gRPC without TLS.
    Grpc,
    /// gRPC over TLS, ended by the proxy.
    Grpcs,
    /// Bytes, passed on as they are.
    Tcp,
    /// Bytes over TLS, ended by the proxy; the name that the client asks for tells whose they are.
    TlsTcp,
    /// Datagrams, passed on as they are.
    Udp,
}

impl PortScheme {
    const ALL: [PortScheme; 7] = [
        PortScheme::Http,
        PortScheme::Https,
        PortScheme::Grpc,
        PortScheme::Grpcs,
        PortScheme::Tcp,
        PortScheme::TlsTcp,
        PortScheme::Udp,
    ];

    /// The scheme as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            PortScheme::Http => "http",
            PortScheme::Https => "https",
            PortScheme::Grpc => "grpc",
            PortScheme::Grpcs => "grpcs",
            PortScheme::Tcp => "tcp",
            PortScheme::TlsTcp => "tls+tcp",
            PortScheme::Udp => "udp",
        }
    }

    /// True where the proxy needs the app's certificate.
    pub fn needs_certificate(self) -> bool {
        match self {
            PortScheme::Https | PortScheme::Grpcs | PortScheme::TlsTcp => true,
            PortScheme::Http | PortScheme::Grpc | PortScheme::Tcp | PortScheme::Udp => false,
        }
    }

    /// True where the proxy passes on what comes, without understanding it.
    pub fn is_stream(self) -> bool {
        match self {
            PortScheme::Tcp | PortScheme::TlsTcp | PortScheme::Udp => true,
            PortScheme::Http | PortScheme::Https | PortScheme::Grpc | PortScheme::Grpcs => false,
        }
    }

    /// True where requests have a path, by which they can be told apart.
    pub fn has_paths(self) -> bool {
        matches!(self, PortScheme::Http | PortScheme::Https)
    }

    /// What the port is one of: `tcp` or `udp`.
    pub fn transport(self) -> &'static str {
        if self == PortScheme::Udp { "udp" } else { "tcp" }
    }
}

impl FromStr for PortScheme {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        PortScheme::ALL.into_iter().find(|scheme| scheme.as_str() == text).ok_or(())
    }
}
