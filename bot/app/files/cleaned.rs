//! What a file is, by its content; and pictures without the place where they were taken.

use bytes::Bytes;
use img_parts::{DynImage, ImageEXIF as _};

/// What is told of content that no rule knows.
const UNKNOWN: &str = "application/octet-stream";

/// A file as it may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// What it is.
    pub mime: &'static str,
    /// What it holds.
    pub bytes: Bytes,
}

/// Tells what a file is, and takes what cameras write into pictures (place, device, times) out.
#[must_use]
pub fn cleaned(bytes: Bytes) -> Cleaned {
    let mime = infer::get(&bytes).map_or(UNKNOWN, |kind| kind.mime_type());
    let bytes = match mime {
        "image/jpeg" | "image/png" | "image/webp" => without_exif(bytes),
        _ => bytes,
    };
    Cleaned { mime, bytes }
}

/// A picture that cannot be taken apart stays as it is: it may be damaged, and is evidence.
fn without_exif(bytes: Bytes) -> Bytes {
    match DynImage::from_bytes(bytes.clone()) {
        Ok(Some(mut picture)) => {
            picture.set_exif(None);
            picture.encoder().bytes()
        }
        Ok(None) | Err(_) => bytes,
    }
}

#[cfg(test)]
mod tests {
    use img_parts::jpeg::{Jpeg, JpegSegment, markers};

    use super::*;

    /// A picture of a camera that knew where it was.
    fn taken_somewhere() -> Bytes {
        let mut picture = Jpeg::from_bytes(Bytes::from_static(&[
            0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x04, 0x4A, 0x46, 0xFF, 0xD9,
        ]))
        .unwrap();
        let mut exif = b"Exif\0\0".to_vec();
        exif.extend_from_slice(b"MM\0*\0\0\0\x08GPSLatitude 47.98");
        let segment = JpegSegment::new_with_contents(markers::APP1, exif.into());
        picture.segments_mut().insert(0, segment);
        picture.encoder().bytes()
    }

    #[test]
    fn the_place_where_a_picture_was_taken_is_gone() {
        let taken = taken_somewhere();
        let holds = |bytes: &[u8]| bytes.windows(3).any(|part| part == b"GPS");
        assert!(holds(&taken));
        let kept = cleaned(taken);
        assert_eq!(kept.mime, "image/jpeg");
        assert!(!holds(&kept.bytes));
        assert!(kept.bytes.starts_with(&[0xFF, 0xD8]));
    }

    #[test]
    fn the_content_tells_what_a_file_is() {
        for (content, mime) in [
            (
                b"<!DOCTYPE html><script>alert(1)</script>".as_slice(),
                "text/html",
            ),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"PK\x03\x04 and so on and on and on", "application/zip"),
            (b"", UNKNOWN),
            (b"just words", UNKNOWN),
        ] {
            assert_eq!(
                cleaned(Bytes::copy_from_slice(content)).mime,
                mime,
                "{content:?}"
            );
        }
    }

    #[test]
    fn any_bytes_are_taken_and_what_is_damaged_is_kept() {
        proptest::proptest!(|(mut bytes: Vec<u8>, jpeg: bool)| {
            if jpeg {
                bytes.splice(0..0, [0xFF, 0xD8, 0xFF]);
            }
            let kept = cleaned(Bytes::from(bytes.clone()));
            proptest::prop_assert!(kept.bytes.len() <= bytes.len() + 64);
        });
    }
}
