namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>A binary heap of (rank, place), lowest rank first and of equal ranks the leftmost place.</summary>
internal sealed class RankHeap
{
    private ulong[] _items = [];
    private int _count;

    public void Clear() => _count = 0;

    public void Trim() => _items = [];

    public void Push(int rank, int place)
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, Math.Max(256, _count * 2));
        ulong item = (ulong)(uint)rank << 32 | (uint)place;
        int at = _count++;
        while (at > 0 && _items[(at - 1) >> 1] > item)
        {
            _items[at] = _items[(at - 1) >> 1];
            at = (at - 1) >> 1;
        }
        _items[at] = item;
    }

    public bool TryPop(out int rank, out int place)
    {
        if (_count == 0)
        {
            rank = place = 0;
            return false;
        }
        (rank, place) = ((int)(_items[0] >> 32), (int)_items[0]);
        ulong item = _items[--_count];
        int at = 0;
        for (int child = 1; child < _count; child = 2 * at + 1)
        {
            if (child + 1 < _count && _items[child + 1] < _items[child])
                child++;
            if (_items[child] >= item)
                break;
            _items[at] = _items[child];
            at = child;
        }
        _items[at] = item;
        return true;
    }
}
