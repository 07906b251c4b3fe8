//go:build unix

package kafkabus_test

import (
	"os"
	"testing"

	"landfall/kafkabus/kafkatest"
)

func TestMain(m *testing.M) { os.Exit(kafkatest.Main(m)) }

func TestEmbedded(t *testing.T) {
	t.Parallel()
	t.Run("on disk", func(t *testing.T) {
		t.Parallel()
		runSuite(t, kafkatest.StartEmbedded(t, t.TempDir(), ""))
	})
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		runSuite(t, kafkatest.StartEmbedded(t, "", ""))
	})
}
