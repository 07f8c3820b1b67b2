package assist

import "testing"

// BenchmarkFinders_Find looks for the guides of one question in the index, three hits.
func BenchmarkFinders_Find(b *testing.B) {
	questions := allQuestions(b)
	f := testFinders()
	if err := f.wait(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		q := questions[i%len(questions)]
		i++
		if _, err := f.Find(b.Context(), q.lang, q.text, 3); err != nil {
			b.Fatal(err)
		}
	}
}
