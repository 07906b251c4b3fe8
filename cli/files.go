package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"landfall/cli/exit"
	"landfall/loadgen/field"
	"landfall/node/report"
)

// readInput reads a file, or standard input for "-", up to a size in bytes.
func readInput(name string, most int64) ([]byte, error) {
	f := os.Stdin
	if name != "-" {
		var err error
		if f, err = os.Open(name); err != nil {
			return nil, &exit.UsageError{Err: exit.Unread("", err)}
		}
		defer f.Close()
	}
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, &exit.UsageError{Err: exit.Unread("", err)}
	}
	return data, nil
}

// readReport reads a report file. Errors name the file.
func readReport(path string) (*report.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, exit.Unread("", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, report.MaxBytes+1))
	if err != nil {
		return nil, exit.Unread("", err)
	}
	r, err := report.Parse(data)
	return r, inFile(path, field.JSON(path, data, err))
}

// writeFile creates or changes a file with what write writes to it.
func writeFile(path string, flag int, write func(io.Writer) error) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_WRONLY|flag, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// writable returns an error if a file cannot be written, as far as that can be known without changing it. "" is no file.
func writable(path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil // opening and closing a pipe would end its reader
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		return errors.Join(f.Close(), os.Remove(path)) // it did not exist
	}
	if errors.Is(err, fs.ErrExist) {
		if f, err = os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			err = f.Close()
		}
	}
	return err
}

// inFile names the file in an error about its content. "-" is standard input.
func inFile(name string, err error) error {
	if name == "-" {
		name = "standard input"
	}
	var at *field.FileError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at):
		at.File = name
		return at
	}
	return fmt.Errorf("%s: %w", name, err)
}
