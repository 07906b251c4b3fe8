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

// kfake stores a partition as segments of record batches and, after a clean stop, a snapshot with the end of each. It drops a batch that
// was damaged on disk together with the rest of the segment, but still trusts the counts of the snapshot: readers then fail for ever.
// Therefore each partition is checked first. From a damaged batch on, records and the snapshot are moved aside,
// as if the process had been killed at that point.

const damaged = ".damaged"

// repair checks all partitions of a data folder.
func repair(data string, log *slog.Logger) error {
	partitions, err := filepath.Glob(filepath.Join(data, "partitions", "*"))
	if err != nil {
		return err
	}
	for _, dir := range partitions {
		if err := repairPartition(dir, log); err != nil {
			return fmt.Errorf("check %s: %w", dir, err)
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
		log.Warn("damaged records on disk; moved aside with all later ones", "file", path, "from byte", good, "bytes", len(b)-good)
		return putAside(dir, segments[i:], b[good:], int64(good))
	}
	return nil
}

// baseOf returns the offset of a segment's first record, which is the name of its file.
func baseOf(path string) int64 {
	base, _ := strconv.ParseInt(strings.TrimSuffix(filepath.Base(path), ".dat"), 10, 64)
	return base
}

// sound returns the length of the valid prefix of a segment: whole batches with correct checksums.
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

// putAside truncates the first segment and renames the later ones; rest is the part cut off.
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
