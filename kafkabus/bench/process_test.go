package main

import (
	"os"
	"runtime"
	"testing"
)

func TestMedian(t *testing.T) {
	list := []int64{9, 1, 5}
	if got := median(list); got != 5 || list[0] != 9 {
		t.Errorf("%d of %v", got, list)
	}
}

func TestUsageOfThisProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells")
	}
	if _, resident := consumed(os.Getpid()); resident < 1<<20 || resident > 1<<40 {
		t.Errorf("%d bytes are resident", resident)
	}
	if cpu, resident := consumed(-1); cpu != 0 || resident != 0 {
		t.Errorf("no process takes %v and %d bytes", cpu, resident)
	}
}
