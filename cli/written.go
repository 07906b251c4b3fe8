package cli

import "io"

// written writes to w and keeps the first error, for output in many small parts.
type written struct {
	w   io.Writer
	err error
}

// Write always succeeds; see err.
func (o *written) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.w.Write(p)
	}
	return len(p), nil
}
