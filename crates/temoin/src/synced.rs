//! Whether a folder is copied elsewhere by a program that keeps folders alike.
//!
//! A vault in such a folder is a vault in somebody's cloud: every version of it is kept there, keys
//! that the desk destroyed come back from an older one, and two machines write over each other. The
//! programs are known by what they leave beside the files, or by the name they give their folder.
//!
//! Absent: knowing every such program. What is not listed here is not noticed, and the guide says
//! so.

use std::path::Path;

/// What a program leaves in the topmost folder it keeps alike.
const MARKS: [(&str, &str); 9] = [
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".sync", "Resilio Sync"),
    (".owncloudsync.log", "Nextcloud or ownCloud"),
    (".nextcloudsync.log", "Nextcloud or ownCloud"),
    (".tresorit", "Tresorit"),
    (".SynologyWorkingDirectory", "Synology Drive"),
    (".seafile-data", "Seafile"),
];

/// What programs call the folder they keep alike, in small letters; it may go on after a space or a
/// hyphen, with the name of an account.
const NAMES: [(&str, &str); 15] = [
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("skydrive", "OneDrive"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("mon drive", "Google Drive"),
    ("mi unidad", "Google Drive"),
    ("iclouddrive", "iCloud"),
    ("icloud drive", "iCloud"),
    ("mobile documents", "iCloud"),
    ("cloudstorage", "a cloud"),
    ("nextcloud", "Nextcloud or ownCloud"),
    ("owncloud", "Nextcloud or ownCloud"),
    ("pclouddrive", "pCloud"),
];

/// The program that keeps a folder alike, if one of those known here does. `folder` is a whole path;
/// whether something is there is asked of `exists`.
pub(crate) fn synced_by(folder: &Path, exists: impl Fn(&Path) -> bool) -> Option<&'static str> {
    folder.ancestors().find_map(|above| {
        let called = above
            .file_name()
            .map(|name| name.to_string_lossy().to_lowercase());
        let named = NAMES.iter().find(|(name, _)| {
            called.as_deref().is_some_and(|called| {
                called
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-']))
            })
        });
        let marked = || MARKS.iter().find(|(mark, _)| exists(&above.join(mark)));
        named.or_else(marked).map(|(_, program)| *program)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(folder: &str, there: &[&str]) -> Option<&'static str> {
        synced_by(Path::new(folder), |path| {
            there.iter().any(|one| Path::new(one) == path)
        })
    }

    #[test]
    fn a_folder_below_one_that_is_kept_alike_is_known_by_its_mark_or_its_name() {
        assert_eq!(by("/data/amina/office", &[]), None);
        assert_eq!(by("/data/amina/Dropbox/office", &[]), Some("Dropbox"));
        assert_eq!(
            by("/data/amina/OneDrive - Centre/a/office", &[]),
            Some("OneDrive")
        );
        assert_eq!(
            by("/data/amina/Library/CloudStorage/Box-Box/office", &[]),
            Some("a cloud")
        );
        assert_eq!(
            by("/srv/a/b/office", &["/srv/a/.stfolder"]),
            Some("Syncthing")
        );
        assert_eq!(
            by("/srv/office", &["/srv/office/.sync"]),
            Some("Resilio Sync")
        );
    }

    #[test]
    fn a_name_that_only_begins_like_one_is_none() {
        assert_eq!(by("/data/amina/dropboxes/office", &[]), None);
        assert_eq!(by("/data/amina/my drives", &[]), None);
    }
}
