//! Our account with an authority: made at the first need, kept in a file with its key.

use std::path::{Path, PathBuf};

use instant_acme::{AccountCredentials, Identifier, NewAccount, NewOrder};

use super::http::Http;
use super::order::Order;
use super::{fault, insist, is_of};
use crate::model::{Context, Outcome};
use crate::platform::files;
use crate::platform::trust::Trust;

/// An account.
pub struct Account {
    account: instant_acme::Account,
    path: PathBuf,
}

impl Account {
    /// The account that the file keeps; without one, one is made at the server (a directory's address), its terms agreed
    /// to. The authority writes to the address, if there is one.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses, or the file cannot be read or written.
    pub async fn open(path: &Path, server: &str, email: &str, trust: &Trust) -> Outcome<Self> {
        let builder = || instant_acme::Account::builder_with_http(Box::new(Http::new(trust)));
        if let Some(bytes) = files::read(path)? {
            let kept: AccountCredentials =
                serde_json::from_slice(&bytes).context(|| format!("cannot read {}", path.display()))?;
            let opened = builder().from_credentials(kept).await;
            let account =
                opened.map_err(|error| fault(&format!("cannot use the account at {server}"), error))?;
            return Ok(Account { account, path: path.to_owned() });
        }
        let contact = format!("mailto:{email}");
        let contact: &[&str] = if email.is_empty() { &[] } else { &[&contact] };
        let wanted = NewAccount { contact, terms_of_service_agreed: true, only_return_existing: false };
        let made = insist!(builder().create(&wanted, server.to_owned(), None));
        let (account, kept) =
            made.map_err(|error| fault(&format!("cannot make an account at {server}"), error))?;
        let text = serde_json::to_vec(&kept).context(|| format!("cannot write {}", path.display()))?;
        files::write(path, &text, 0o600)?;
        Ok(Account { account, path: path.to_owned() })
    }

    /// What stands behind each token in the answer that proves a name by HTTP.
    pub fn thumbprint(&self) -> &str {
        self.account.key_thumbprint()
    }

    /// Tells the authority whom to write to from now on.
    ///
    /// # Errors
    /// When it refuses the address.
    pub async fn write_to(&self, email: &str) -> Outcome {
        let contact = format!("mailto:{email}");
        let contacts: &[&str] = if email.is_empty() { &[] } else { &[&contact] };
        insist!(self.account.update_contacts(contacts))
            .map_err(|error| fault("the authority refuses the e-mail address", error))
    }

    /// Orders a certificate for these names. `None` when the server does not know the account any more, which is then
    /// forgotten here too: the next one is new.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses the order.
    pub async fn order(&self, names: &[String]) -> Outcome<Option<Order>> {
        let identifiers: Vec<Identifier> = names.iter().cloned().map(Identifier::Dns).collect();
        let wanted = NewOrder::new(&identifiers);
        match insist!(self.account.new_order(&wanted)) {
            Ok(order) => Ok(Some(Order::new(order, names.to_vec()))),
            Err(error) if is_of(&error, "accountDoesNotExist") => {
                files::remove(&self.path)?;
                Ok(None)
            }
            Err(error) => Err(fault("the order was refused", error)),
        }
    }
}
