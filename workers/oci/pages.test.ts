import { expect, it } from 'vitest'
import { allPages } from './pages.ts'

it('reads a list to its last page', async () => {
  const pages = [
    { items: [1, 2], opcNextPage: 'second' },
    { items: [], opcNextPage: 'third' },
    { items: [3], opcNextPage: '' },
  ]
  const asked: unknown[] = []

  const found = await allPages(
    async (page) => {
      asked.push(page)
      return pages[asked.length - 1] ?? { items: [] }
    },
    (item) => item * 10,
  )

  expect(found).toEqual([10, 20, 30])
  expect(asked).toEqual([{}, { page: 'second' }, { page: 'third' }])
})
