package cpu

import (
	"math"
	"testing"
	"testing/fstest"
)

func TestCPUQuota(t *testing.T) {
	files := func(pairs ...string) fstest.MapFS {
		m := fstest.MapFS{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
		}
		return m
	}
	const self = "proc/self/cgroup"
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  float64
	}{
		"no control groups":        {files(), math.Inf(1)},
		"version 2":                {files(self, "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max", "50000 100000\n"), 0.5},
		"the least of those above": {files(self, "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max", "max 100000\n", "sys/fs/cgroup/a/cpu.max", "150000 100000\n"), 1.5},
		"in a container":           {files(self, "0::/../../c\n", "sys/fs/cgroup/cpu.max", "20000 100000\n"), 0.2},
		"no limit":                 {files(self, "0::/\n", "sys/fs/cgroup/cpu.max", "max 100000\n"), math.Inf(1)},
		"version 1": {files(self, "5:memory:/x\n4:cpu,cpuacct:/x\n0::/\n", "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us", "25000\n",
			"sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us", "100000\n"), 0.25},
		"version 1 without a limit": {files(self, "4:cpu:/\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"), math.Inf(1)},
		"rubbish":                   {files(self, "x\n0::/\n", "sys/fs/cgroup/cpu.max", "a b\n"), math.Inf(1)},
	} {
		if got := cpuQuota(c.files); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if n := MayUse(); n <= 0 || n > float64(Cores()) {
		t.Errorf("%v of %d cores may be used", n, Cores())
	}
}
