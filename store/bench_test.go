package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liveassist/domain"
)

// BenchmarkWrite is the rate of durable messages from 1 to 128 writers at once, with the
// group commit and, to compare, with one transaction per message.
func BenchmarkWrite(b *testing.B) {
	for _, commit := range []struct {
		name string
		most int
	}{{"group", 0}, {"each", 1}} {
		for _, writers := range []int{1, 8, 32, 128} {
			b.Run(fmt.Sprintf("commit=%s/writers=%d", commit.name, writers), func(b *testing.B) {
				s := mustOpen(b, func(o *Options) { o.MaxBatch, o.OnCommit = commit.most, nil })
				talks := mustTalks(s, 32)
				before := s.Stats()
				b.ResetTimer()
				var next atomic.Int64
				var wg sync.WaitGroup
				for range writers {
					wg.Go(func() {
						for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
							t := talks[i%int64(len(talks))]
							t.Text = "The tap in the kitchen drips since yesterday. What can I do?"
							if _, _, err := s.AddMessage(context.Background(), t); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				wg.Wait()
				b.StopTimer()
				after := s.Stats()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
				b.ReportMetric(float64(after.Writes-before.Writes)/float64(after.Batches-before.Batches), "messages/commit")
			})
		}
	}
}

// mustTalks makes people with a conversation each.
func mustTalks(s *testStore, n int) []NewMessage {
	s.tb.Helper()
	talks := make([]NewMessage, n)
	for i := range talks {
		user, session := s.mustTalk(fmt.Sprintf("%d@example.com", i))
		talks[i] = NewMessage{User: user, Session: session, Role: domain.AuthorUser}
	}
	return talks
}

// mustFill stores messages in turns for all talks, so that each conversation is spread
// over the whole table.
func (s *testStore) mustFill(talks []NewMessage, each int) {
	s.tb.Helper()
	text := strings.Repeat("The tap drips. ", 10)
	for range each {
		err := s.Write(s.tb.Context(), "fill", func(tx *Tx) error {
			for _, t := range talks {
				t.Text = text
				if _, err := tx.addMessage(t); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.tb.Fatal(err)
		}
	}
}

// BenchmarkMessages50 reads the newest 50 messages of conversations of 500, of 50 people.
func BenchmarkMessages50(b *testing.B) {
	s := mustOpen(b, func(o *Options) { o.OnCommit = nil })
	talks := mustTalks(s, 50)
	s.mustFill(talks, 500)
	b.ReportAllocs()
	b.ResetTimer()
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			t := talks[next.Add(1)%int64(len(talks))]
			if list, err := s.Messages(context.Background(), t.User, t.Session, "", 50); err != nil || len(list) != 50 {
				b.Errorf("%d messages, %v", len(list), err)
				return
			}
		}
	})
}

// BenchmarkFindOne reads one document, as the mirror does for each change.
func BenchmarkFindOne(b *testing.B) {
	s := mustOpen(b, func(o *Options) { o.OnCommit = nil })
	talks := mustTalks(s, 50)
	s.mustFill(talks, 200)
	var ids []string
	if err := s.Find(b.Context(), CollMessages, nil, func(d domain.Document) error {
		ids = append(ids, field(d, "_id").(string))
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if _, err := s.FindOne(context.Background(), CollMessages, ids[i%len(ids)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a database that is up to date, as each start does.
func BenchmarkOpen(b *testing.B) {
	s := mustPrepare(b, b.TempDir())
	for range b.N {
		start := time.Now()
		s.mustReopen()
		b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms-to-open")
		s.mustClose()
	}
}
