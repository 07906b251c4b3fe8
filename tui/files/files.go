// Package files stores the console's last spec and recent spec files, and completes paths.
package files

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
)

// InHome replaces a leading ~/ with the home folder.
func InHome(path string) string {
	rest, is := strings.CutPrefix(path, "~/")
	home, err := os.UserHomeDir()
	if !is || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// WriteNew writes a new file. It does not replace an existing one.
func WriteNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Close()
}

// Keep stores the last spec for the next start. Errors are ignored: the run is triggered anyway.
func Keep(path string, spec loadgen.Spec) {
	if path == "" {
		return
	}
	if data, err := specfile.Marshal(spec); err == nil && os.MkdirAll(filepath.Dir(path), 0o700) == nil {
		_ = os.WriteFile(path, data, 0o600)
	}
}

// Recent returns the recently loaded spec files, the newest first, as stored in file.
func Recent(file string) []string {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(strings.Split(string(data), "\n"), func(path string) bool { return path == "" })
}

// Remember makes a spec file the first of the recent ones. Errors are ignored.
func Remember(file, path string) {
	if file == "" {
		return
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	list := slices.DeleteFunc(Recent(file), func(have string) bool { return have == path })
	list = append([]string{path}, list...)
	if os.MkdirAll(filepath.Dir(file), 0o700) == nil {
		_ = os.WriteFile(file, []byte(strings.Join(list[:min(len(list), recentKept)], "\n")+"\n"), 0o600)
	}
}

const (
	recentKept = 10 // maximum number of recent spec files
	pathsShown = 200
)

// Match returns completions of a path: folders and spec files; for an empty path the recent files.
func Match(typed, recent string) (paths []string) {
	if typed == "" {
		paths = Recent(recent)
	}
	dir, name := filepath.Split(typed)
	list, err := os.ReadDir(cmp.Or(InHome(dir), "."))
	if err != nil {
		return paths
	}
	for _, e := range list {
		spec := strings.HasSuffix(e.Name(), ".yaml") || strings.HasSuffix(e.Name(), ".yml")
		hidden := strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(name, ".")
		if !strings.HasPrefix(e.Name(), name) || hidden || !spec && !e.IsDir() || len(paths) >= pathsShown {
			continue
		}
		path := dir + e.Name()
		if e.IsDir() {
			path += string(filepath.Separator)
		}
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}
