def output_size(size, kernel, stride=1, padding=0):
    """Output size along one dimension; padding is the pixels added on each side."""
    if size < 1 or kernel < 1 or stride < 1:
        raise ValueError(
            "size, kernel and stride must be at least 1,"
            f" got {size}, {kernel} and {stride}"
        )
    if padding < 0:
        raise ValueError(f"padding must not be negative, got {padding}")
    padded_size = size + 2 * padding
    if kernel > padded_size:
        raise ValueError(
            f"a kernel of {kernel} does not fit in a padded size of {padded_size}"
        )
    return (padded_size - kernel) // stride + 1


worked_patch = output_size(4, kernel=3)
same_size_patch = output_size(4, kernel=3, stride=1, padding=1)
strided_photo = output_size(224, kernel=3, stride=2, padding=1)

print("worked patch: 4 ->", worked_patch)
print("same-size patch: 4 ->", same_size_patch)
print("strided photo: 224 ->", strided_photo)
