package kafkabus

import (
	"testing"
)

func FuzzFetchAnswer(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01t\x00\x00\x00\x01"), int16(11))
	f.Fuzz(func(t *testing.T, frame []byte, version int16) {
		request := fetch{topic: "t", version: version}
		if records, err := request.decode(frame); err == nil {
			decoded(records)
		}
	})
}
