package kafkabus

import (
	"io"
	"sync"

	"github.com/pierrec/lz4/v4"
	"github.com/segmentio/kafka-go/compress"
	kafkalz4 "github.com/segmentio/kafka-go/compress/lz4"
)

// smallBlocks is kafka-go's LZ4 codec with blocks of 64 KB. With the default of 4 MB, each process that
// writes or reads records of a few KB keeps several buffers of that size: most of a driver's memory.
type smallBlocks struct {
	kafkalz4.Codec
	writers *sync.Pool
}

func init() { // kafka-go takes the codec from its table
	compress.Codecs[compress.Lz4] = &smallBlocks{writers: &sync.Pool{New: func() any {
		w := lz4.NewWriter(nil)
		_ = w.Apply(lz4.BlockSizeOption(lz4.Block64Kb)) // a valid size
		return w
	}}}
}

// NewWriter implements [compress.Codec].
func (c *smallBlocks) NewWriter(to io.Writer) io.WriteCloser {
	w := c.writers.Get().(*lz4.Writer)
	w.Reset(to)
	return &pooledWriter{w, c.writers}
}

type pooledWriter struct {
	*lz4.Writer
	pool *sync.Pool
}

// Close flushes the writer and returns it to the pool.
func (w *pooledWriter) Close() error {
	err := w.Writer.Close()
	w.pool.Put(w.Writer)
	w.Writer = nil
	return err
}
