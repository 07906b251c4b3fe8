package embedded

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// kfake keeps a partition as segments of record batches, and after a clean stop a snapshot that says where each ends. A batch that was
// damaged on disk it cuts off with all of its segment that follows, but goes on counting what the snapshot says: readers then get an
// error for ever. So each partition is looked through first: from a damaged batch on, its records are put aside, and its snapshot
// too, as if the process had been killed at that moment.

const damaged = ".damaged"

// repair looks through all partitions of a data folder.
func repair(data string, log *slog.Logger) error {
	partitions, err := filepath.Glob(filepath.Join(data, "partitions", "*"))
	if err != nil {
		return err
	}
	for _, dir := range partitions {
		if err := repairPartition(dir, log); err != nil {
			return fmt.Errorf("look through %s: %w", dir, err)
		}
	}
	return nil
}

func repairPartition(dir string, log *slog.Logger) error {
	segments, err := filepath.Glob(filepath.Join(dir, "*.dat"))
	if err != nil {
		return err
	}
	slices.SortFunc(segments, func(a, b string) int { return cmp.Compare(baseOf(a), baseOf(b)) })
	for i, path := range segments {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		good := sound(b)
		if good == len(b) {
			continue
		}
		log.Warn("damaged records on disk: they and all that follow are put aside", "file", path, "from byte", good, "bytes", len(b)-good)
		return putAside(dir, segments[i:], b[good:], int64(good))
	}
	return nil
}

// baseOf is the offset of a segment's first record, which is the name of its file.
func baseOf(path string) int64 {
	base, _ := strconv.ParseInt(strings.TrimSuffix(filepath.Base(path), ".dat"), 10, 64)
	return base
}

// sound is how many bytes at the front of a segment are whole batches whose checksums hold.
func sound(b []byte) int {
	at := 0
	for len(b)-at >= batchHeader {
		size := 12 + int64(binary.BigEndian.Uint32(b[at+8:]))
		if size < batchHeader || size > int64(len(b)-at) {
			return at
		}
		batch := b[at : at+int(size)]
		if binary.BigEndian.Uint32(batch[17:]) != crc32.Checksum(batch[21:], castagnoli) {
			return at
		}
		at += int(size)
	}
	return at
}

// putAside cuts the first segment off at a byte and renames those that follow; rest is what is cut off.
func putAside(dir string, segments []string, rest []byte, at int64) error {
	if err := os.WriteFile(segments[0]+damaged, rest, 0o600); err != nil {
		return err
	}
	if err := os.Truncate(segments[0], at); err != nil {
		return err
	}
	for _, path := range segments[1:] {
		if err := os.Rename(path, path+damaged); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(dir, "snapshot.json")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
