use super::*;

fn writes(pairs: &[(&str, Option<&str>)]) -> Vec<u8> {
    let pairs = pairs.iter().map(|(key, value)| {
        let value = value.map(|value| IVec::from(value.as_bytes()));
        (IVec::from(key.as_bytes()), value)
    });
    encode(&pairs.collect())
}

fn start(folder: &Path) -> Ahead {
    let found = read(folder).unwrap();
    assert_eq!(found.damage, None);
    Ahead::start(folder, found.generation, true).unwrap()
}

/// What a database holds after the groups were applied.
fn applied(found: Found) -> Vec<(String, String)> {
    let db = sled::Config::new().temporary(true).open().unwrap();
    for slice in slices(found.groups.into_iter().flatten()) {
        db.apply_batch(batch_of(slice.writes)).unwrap();
    }
    let text = |bytes: IVec| String::from_utf8(bytes.to_vec()).unwrap();
    let pair = |item: sled::Result<(IVec, IVec)>| item.map(|(k, v)| (text(k), text(v)));
    db.iter().map(|item| pair(item).unwrap()).collect()
}

fn batch_of(writes: Vec<Write>) -> sled::Batch {
    let mut batch = sled::Batch::default();
    for (key, value) in writes {
        match value {
            Some(value) => batch.insert(key, value),
            None => batch.remove(key),
        }
    }
    batch
}

#[test]
fn groups_are_read_in_order_until_the_file_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut ahead = start(folder.path());
    ahead
        .append(&writes(&[("a", Some("1")), ("b", Some("1"))]))
        .unwrap();
    let large = "x".repeat(3 * BLOCK);
    ahead
        .append(&writes(&[("b", None), ("c", Some(&large))]))
        .unwrap();
    ahead.append(&writes(&[("a", Some("2"))])).unwrap();
    let found = read(folder.path()).unwrap();
    let all = [("a", "2"), ("c", &*large)].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(found.groups.len(), 3);
    assert_eq!(applied(found), all);
    ahead.begin().unwrap();
    assert_eq!(read(folder.path()).unwrap().groups.len(), 0);
    ahead.append(&writes(&[("d", Some("3"))])).unwrap();
    assert_eq!(read(folder.path()).unwrap().groups.len(), 1);
    drop(ahead);
    start(folder.path());
    assert_eq!(read(folder.path()).unwrap().groups.len(), 0);
}

#[test]
fn a_file_is_there_with_its_head_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ahead.new"), [0; 100]).unwrap();
    let found = read(folder.path()).unwrap();
    assert_eq!((found.damage, found.groups.len()), (None, 0));
    drop(create(folder.path()).unwrap());
    let found = read(folder.path()).unwrap();
    assert_eq!((found.damage, found.groups.len()), (None, 0));
    fs::write(folder.path().join(NAME), [0; 2 * BLOCK]).unwrap();
    assert!(read(folder.path()).unwrap().damage.is_some());
}

#[test]
fn a_torn_end_is_no_damage_and_a_broken_middle_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut ahead = start(folder.path());
    for value in ["1", "2", "3"] {
        ahead.append(&writes(&[("a", Some(value))])).unwrap();
    }
    let path = folder.path().join(NAME);
    let good = fs::read(&path).unwrap();
    for (block, damaged, left) in [(3, false, 2), (2, true, 1), (1, true, 0), (0, true, 0)] {
        let mut raw = good.clone();
        raw[block * BLOCK + 9] ^= 1;
        fs::write(&path, raw).unwrap();
        let found = read(folder.path()).unwrap();
        assert_eq!(found.damage.is_some(), damaged, "block {block}");
        assert_eq!(found.groups.len(), left, "block {block}");
    }
}

#[test]
fn a_file_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(start(folder.path()));
    let path = folder.path().join(NAME);
    let mut raw = fs::read(&path).unwrap();
    raw[7] = 9;
    let crc = crc32c::crc32c(&raw[..16]).to_be_bytes();
    raw[16..20].copy_from_slice(&crc);
    fs::write(&path, raw).unwrap();
    assert!(matches!(read(folder.path()), Err(StoreError::TooNew(_))));
}

#[test]
fn a_long_group_makes_the_file_grow_and_a_new_beginning_shrinks_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut ahead = start(folder.path());
    let large = "x".repeat(2 * 1024 * 1024);
    ahead.append(&writes(&[("a", Some(&large))])).unwrap();
    assert!(ahead.is_due());
    let found = applied(read(folder.path()).unwrap());
    assert_eq!(found[0].1.len(), large.len());
    ahead.begin().unwrap();
    assert_eq!(ahead.file.metadata().unwrap().len(), SIZE);
    assert!(!ahead.is_due());
}

#[test]
fn writes_are_cut_and_none_is_left_out() {
    let value = IVec::from(vec![1; 4096]);
    let writes: Vec<_> = (0..100_u8)
        .map(|n| (IVec::from(vec![n]), (n % 3 > 0).then(|| value.clone())))
        .collect();
    let db = sled::Config::new().temporary(true).open().unwrap();
    db.insert([0], &[7]).unwrap();
    let mut count = 0;
    for slice in slices(writes) {
        assert!(slice.weight < WINDOW + 4096 + EACH + 1);
        db.apply_batch(batch_of(slice.writes)).unwrap();
        count += 1;
    }
    assert_eq!((count, db.len()), (5, 66));
}

#[test]
fn sled_is_brought_up_to_date_after_a_rest() {
    let folder = tempfile::tempdir().unwrap();
    let mut ahead = start(folder.path());
    assert_eq!(ahead.due_in(), None);
    ahead.append(&writes(&[("a", Some("1"))])).unwrap();
    let left = ahead.due_in().unwrap();
    assert!(left <= AT_REST);
    std::thread::sleep(left);
    assert!(ahead.is_due());
}
