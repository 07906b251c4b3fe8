// A client that blocks: one connection, requests at a fixed pace, latency from when each was due. It prints the median in
// microseconds. usage: blocking PORT REQUESTS_PER_SECOND SECONDS
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
	long long x = *(const long long *)a, y = *(const long long *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv) {
	if (argc != 4) return 2;
	long gap = 1000000000L / atol(argv[2]), n = atol(argv[2]) * atol(argv[3]);
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, (struct sockaddr *)&to, sizeof to)) return perror("connect"), 1;
	const char *request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
	char answer[4096];
	long long *took = malloc(n * sizeof *took), due = now();
	for (long i = 0; i < n; i++, due += gap) {
		struct timespec until = {due / 1000000000LL, due % 1000000000LL};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		if (write(fd, request, strlen(request)) < 0) return perror("write"), 1;
		size_t have = 0;
		while (have < 6 || memcmp(answer + have - 6, "\r\n\r\nok", 6)) {
			ssize_t got = read(fd, answer + have, sizeof answer - have);
			if (got <= 0) return perror("read"), 1;
			have += got;
		}
		took[i] = now() - due;
	}
	qsort(took, n, sizeof *took, ascending);
	printf("%.1f\n", took[n / 2] / 1000.0);
	return 0;
}
