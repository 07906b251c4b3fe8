package node

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"regexp"
)

// NewID returns a new id for a process, a run or a record: 16 random hexadecimal digits.
func NewID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

const maxID = 64

var id = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// CheckID returns an error unless v is a valid name of a node, a process or a run.
func CheckID(field, v string) error {
	if len(v) > maxID || !id.MatchString(v) {
		return fmt.Errorf("%s %q: must be 1 to 64 letters, digits, dots, dashes or underscores", field, Clean(v, 80))
	}
	return nil
}

func checkIDs(fieldsAndValues ...string) error {
	for i := 0; i < len(fieldsAndValues); i += 2 {
		if err := CheckID(fieldsAndValues[i], fieldsAndValues[i+1]); err != nil {
			return err
		}
	}
	return nil
}
