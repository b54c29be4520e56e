//! How editors and deployments change files, each against a host with a real watcher.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::harness::{Running, Shop, club, generation_of};

const BEFORE: u32 = 5000;
const AFTER: u32 = 5100;

/// A host whose pack is changed in some way, and the new rules are live.
#[track_caller]
fn survives(change: impl FnOnce(&Shop, &str)) {
    let shop = shop();
    let host = shop.run();
    let text = club(AFTER, 20);
    change(&shop, &text);
    goes_live(&shop, &host, &text);
    only_whole_rules(&host);
}

fn shop() -> Shop {
    let shop = Shop::new(&club(BEFORE, 20), &[5050, 200]);
    shop.project("guard: off\n");
    shop
}

#[track_caller]
fn goes_live(shop: &Shop, host: &Running, text: &str) {
    let wanted = generation_of(text, &shop.path(""));
    host.until("the new rules are live", || host.generation() == wanted);
    assert_eq!(host.tier(1), "gold");
}

/// Nothing but the two generations was ever live: the log tells of each that goes live.
#[track_caller]
fn only_whole_rules(host: &Running) {
    let lives = || host.log.text().matches("\"message\":\"live\"").count();
    host.until("the log tells it", || lives() > 0);
    assert_eq!(lives(), 1, "{}", host.log.text());
}

#[test]
fn written_in_place() {
    survives(|shop, text| fs::write(shop.pack().join("pack.yaml"), text).expect("written"));
}

#[test]
fn written_in_pieces_over_seconds() {
    // The first piece is no pack; the second is one, but for its last tier's number.
    let shop = shop();
    let host = shop.run();
    let text = club(AFTER, 20);
    let mut file = fs::File::create(shop.pack().join("pack.yaml")).expect("made");
    for piece in text.as_bytes().chunks(text.len() / 4 + 1) {
        file.write_all(piece).expect("written");
        file.flush().expect("written");
        sleep(Duration::from_millis(700));
    }
    goes_live(&shop, &host, &text);
    only_whole_rules(&host);
}

#[test]
fn as_vim_does() {
    survives(|shop, text| {
        let at = |name: &str| shop.pack().join(name);
        fs::write(at("4913"), "").expect("written");
        fs::remove_file(at("4913")).expect("removed");
        fs::write(at(".pack.yaml.swp"), "swap").expect("written");
        fs::rename(at("pack.yaml"), at("pack.yaml~")).expect("renamed");
        fs::write(at("pack.yaml"), text).expect("written");
        fs::remove_file(at("pack.yaml~")).expect("removed");
        fs::remove_file(at(".pack.yaml.swp")).expect("removed");
    });
}

#[test]
fn as_emacs_does() {
    survives(|shop, text| {
        let at = |name: &str| shop.pack().join(name);
        symlink("somebody@machine.4242", at(".#pack.yaml")).expect("a link");
        fs::write(at("#pack.yaml#"), &text[..text.len() / 2]).expect("written");
        fs::rename(at("pack.yaml"), at("pack.yaml~")).expect("renamed");
        fs::write(at("pack.yaml"), text).expect("written");
        fs::remove_file(at("#pack.yaml#")).expect("removed");
        fs::remove_file(at(".#pack.yaml")).expect("removed");
    });
}

#[test]
fn renamed_over_as_vs_code_and_rsync_do() {
    survives(|shop, text| {
        let unfinished = shop.pack().join(".pack.yaml.Xy12Za");
        let mut file = fs::File::create(&unfinished).expect("made");
        for piece in text.as_bytes().chunks(100) {
            file.write_all(piece).expect("written");
        }
        drop(file);
        fs::rename(unfinished, shop.pack().join("pack.yaml")).expect("renamed");
    });
}

/// With the program itself, where it is there; `.ci/run` sees to that. Files of the same second and
/// size would be the same to it without their checksums.
#[test]
fn synchronized_with_rsync() {
    if Command::new("rsync").arg("--version").output().is_err() {
        return;
    }
    survives(|shop, text| {
        let next = shop.path("next");
        fs::create_dir_all(next.join("scripts")).expect("made");
        fs::write(next.join("pack.yaml"), text).expect("written");
        let done = Command::new("rsync")
            .args(["--archive", "--checksum", "--delete"])
            .arg(next.join(""))
            .arg(shop.pack())
            .status();
        assert!(done.expect("it is there").success());
    });
}

#[test]
fn another_branch_is_checked_out() {
    let shop = shop();
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(shop.pack())
            .output()
            .expect("git is there");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "before"]);
    git(&["checkout", "-qb", "stricter"]);
    shop.save(&club(AFTER, 20));
    git(&["commit", "-qam", "after"]);
    git(&["checkout", "-q", "main"]);
    let host = shop.run();
    git(&["checkout", "-q", "stricter"]);
    goes_live(&shop, &host, &club(AFTER, 20));
}

#[test]
fn a_linked_directory_is_swapped_as_kubernetes_does() {
    let shop = shop();
    let pack = shop.pack();
    fs::remove_file(pack.join("pack.yaml")).expect("removed");
    let version = |name: &str, text: &str| {
        fs::create_dir(pack.join(name)).expect("made");
        fs::write(pack.join(name).join("pack.yaml"), text).expect("written");
    };
    version("..2026_01", &club(BEFORE, 20));
    symlink("..2026_01", pack.join("..data")).expect("a link");
    symlink("..data/pack.yaml", pack.join("pack.yaml")).expect("a link");
    let host = shop.run();
    version("..2026_02", &club(AFTER, 20));
    symlink("..2026_02", pack.join("..data_tmp")).expect("a link");
    fs::rename(pack.join("..data_tmp"), pack.join("..data")).expect("swapped");
    fs::remove_dir_all(pack.join("..2026_01")).expect("removed");
    goes_live(&shop, &host, &club(AFTER, 20));
}

#[test]
fn the_pack_is_a_link_that_is_swapped() {
    let shop = shop();
    fs::rename(shop.pack(), shop.path("release-1")).expect("renamed");
    symlink("release-1", shop.pack()).expect("a link");
    fs::create_dir(shop.path("release-2")).expect("made");
    fs::write(shop.path("release-2/pack.yaml"), club(AFTER, 20)).expect("written");
    let host = shop.run();
    symlink("release-2", shop.path("next")).expect("a link");
    fs::rename(shop.path("next"), shop.pack()).expect("swapped");
    goes_live(&shop, &host, &club(AFTER, 20));
    // What lies behind the new link is watched from now on.
    shop.save(&club(BEFORE, 20));
    let wanted = generation_of(&club(BEFORE, 20), &shop.path(""));
    host.until("the next change is live", || host.generation() == wanted);
}

#[test]
fn the_whole_directory_goes_away_and_comes_back() {
    let shop = shop();
    let host = shop.run();
    let good = host.generation();
    fs::rename(shop.pack(), shop.path("away")).expect("renamed");
    host.until("it is told", || host.status()["last_attempt"]["ok"] == false);
    assert_eq!(host.generation(), good);
    fs::write(shop.path("away/pack.yaml"), club(AFTER, 20)).expect("written");
    fs::rename(shop.path("away"), shop.pack()).expect("renamed");
    goes_live(&shop, &host, &club(AFTER, 20));
    // And it is still watched.
    shop.save(&club(BEFORE, 20));
    host.until("the next change is live", || host.generation() == good);
}

#[test]
fn a_new_script_in_a_new_folder() {
    let shop = shop();
    let host = shop.run();
    let before = host.generation();
    fs::create_dir(shop.pack().join("scripts")).expect("made");
    fs::write(shop.pack().join("scripts/risk.rhai"), "fn points(spend) { spend * 2 }\n")
        .expect("written");
    let scripted = club(AFTER, 20)
        .replace("ladders:", "  doubled: { expr: \"risk::points(spend)\" }\nladders:");
    let scripted =
        scripted.replace("gold: { enter: spend >= 100 }", "gold: { enter: doubled >= 200 }");
    shop.save(&scripted);
    host.until("the script decides", || host.generation() != before && host.tier(1) == "gold");
    // The folder is watched from now on.
    let generation = host.generation();
    fs::write(shop.pack().join("scripts/risk.rhai"), "fn points(spend) { spend / 100 }\n")
        .expect("written");
    host.until("its change is live", || host.generation() != generation);
}

#[test]
fn a_file_is_deleted_and_comes_back() {
    let shop = shop();
    let host = shop.run();
    let good = host.generation();
    fs::remove_file(shop.pack().join("pack.yaml")).expect("removed");
    host.until("it is told", || host.status()["last_attempt"]["ok"] == false);
    assert_eq!((host.generation(), host.tier(1)), (good, "vip".into()));
    shop.save(&club(AFTER, 20));
    goes_live(&shop, &host, &club(AFTER, 20));
}

#[test]
fn a_permission_is_taken_and_given_back() {
    let shop = shop().of_a_user();
    let file = shop.pack().join("pack.yaml");
    let allow = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("set");
    let host = shop.run();
    allow(0o000);
    host.until("it is told", || host.status()["last_attempt"]["ok"] == false);
    fs::write(shop.pack().join("next"), club(AFTER, 20)).expect("written");
    fs::rename(shop.pack().join("next"), &file).expect("renamed");
    goes_live(&shop, &host, &club(AFTER, 20));
}

#[test]
fn the_project_file_is_one_of_the_rules() {
    let shop = shop();
    let host = shop.run();
    shop.project("guard: off\nschedule: weekly on monday at 04:00\n");
    host.until("the schedule is followed", || {
        host.status()["schedule"] == "weekly on monday at 04:00"
    });
    shop.project("guard: of\n");
    host.until("a typo is found", || {
        host.status()["last_attempt"]["findings"][0]["file"] == "tierkeeper.yaml"
    });
    assert_eq!(host.tier(1), "vip");
}
