"""签约台账 in and out: agreements of before, and a workbook that comes back changed."""
